namespace Relay.Tests.Support;

/// <summary>Columns for a table row, in one expression.</summary>
public static class Columns
{
    public static Dictionary<string, object> Of(string name, object value) => new() { [name] = value };

    public static Dictionary<string, object> Of(params (string Name, object Value)[] columns) =>
        columns.ToDictionary(column => column.Name, column => column.Value);
}
