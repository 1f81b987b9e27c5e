using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.PhoneNumbers.Blocking;

/// <summary>One user of a call, and what becomes of it.</summary>
internal sealed class AskedUser(string input, PhoneNumber? number)
{
    private const int MaxInput = 40;

    /// <summary>As it was asked for.</summary>
    internal string Input { get; } = input;

    internal PhoneNumber? Number { get; } = number;

    internal PhoneNumber Known => Number ?? throw new InvalidOperationException("A user without a number was used.");

    /// <summary>Empty while the business has no key for names.</summary>
    internal byte[] Name { get; set; } = [];

    internal bool IsThere { get; set; }

    /// <summary>Null on success.</summary>
    internal GraphError? Failure { get; set; }

    internal static AskedUser Of(string? input, PhoneNumber own)
    {
        if (input is not { Length: > 0 and <= MaxInput } || !PhoneNumber.TryParse(input, out PhoneNumber? number))
        {
            return new AskedUser(input is { Length: <= MaxInput } ? input : string.Empty, null) { Failure = GraphErrorCode.InvalidParameter.Because("user must be an international phone number.") };
        }

        return new AskedUser(input, number) { Failure = number.Equals(own) ? GraphErrorCode.InvalidParameter.Because("user is the business's own number.") : null };
    }

    public override string ToString() => nameof(AskedUser);
}
