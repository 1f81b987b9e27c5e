// spec/signal.md §4, addresses: kind (0 ACI, 1 PNI) || uuid (16, RFC 4122 order) || device id (1). Field 6 of a message is the
// sender's and then the recipient's, 36 bytes.

namespace Relay.Shared.Signal;

/// <summary>The name of a device as its peers know it: a service id and a device number. Compared by value.</summary>
public readonly record struct SignalAddress
{
    internal const int Bytes = 18;

    private SignalAddress(bool isPni, Guid uuid, byte deviceId) => (IsPni, Uuid, DeviceId) = (isPni, uuid, deviceId);

    /// <summary>True for the id that stands for a phone number, false for the one that stands for an account.</summary>
    public bool IsPni { get; }

    public Guid Uuid { get; }

    /// <summary>1 to 127.</summary>
    public byte DeviceId { get; }

    /// <summary>A device of an account.</summary>
    public static SignalAddress Aci(Guid uuid, int deviceId) => new(false, uuid, Checked(deviceId));

    /// <summary>A device known by its phone number's id.</summary>
    public static SignalAddress Pni(Guid uuid, int deviceId) => new(true, uuid, Checked(deviceId));

    public override string ToString() => $"{(IsPni ? "PNI:" : string.Empty)}{Uuid:D}.{DeviceId}";

    internal void Write(Span<byte> destination)
    {
        if (DeviceId == 0)
        {
            throw new InvalidOperationException("An address is made by Aci or Pni.");
        }

        destination[0] = IsPni ? (byte)1 : (byte)0;
        Uuid.TryWriteBytes(destination[1..], bigEndian: true, out _);
        destination[17] = DeviceId;
    }

    private static byte Checked(int deviceId)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(deviceId, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(deviceId, SignalLimits.MaxDeviceId);
        return (byte)deviceId;
    }
}
