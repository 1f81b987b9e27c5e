namespace Relay.Phone;

/// <summary>Something the user has to know or do; its message is for people and holds no key and no number.</summary>
public sealed class PhoneException(string message) : Exception(message);
