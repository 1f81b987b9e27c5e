using Relay.Phone.Commands;

namespace Relay.Tests.Phone;

/// <summary>The phone's program with a state of its own and no transport behind it.</summary>
internal sealed class TemporaryPhone : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay-phone-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    internal string Error => _error.ToString();

    internal Task<int> RunAsync(string[] arguments) => new PhoneProgram(
        name => name == "RELAY_PHONE_STATE" ? Path.Combine(_folder, "phone.state") : null,
        new Terminal(TextReader.Null, _output, _error),
        TimeProvider.System).RunAsync(arguments, CancellationToken.None);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
