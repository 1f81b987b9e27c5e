using System.Security.Cryptography;
using Relay.Shared.Signal;

namespace Relay.Benchmarks.Sections;

/// <summary>Where one side's record is between two steps: as it is, or as the bytes that a store would get.</summary>
internal sealed class RecordSlot : IDisposable
{
    private readonly bool _asBytes;
    private SessionRecord? _record;
    private byte[] _bytes = [];

    internal RecordSlot(SessionRecord record, bool asBytes)
    {
        _asBytes = asBytes;
        Put(record);
    }

    /// <summary>The caller disposes of it.</summary>
    internal SessionRecord Take()
    {
        if (!_asBytes)
        {
            return _record ?? throw new InvalidOperationException("The record was taken already.");
        }

        return SessionRecord.TryParse(_bytes, out SessionRecord? record) ? record : throw new InvalidOperationException("A record can't be read back.");
    }

    internal void Put(SessionRecord next)
    {
        if (!_asBytes)
        {
            _record = next;
            return;
        }

        CryptographicOperations.ZeroMemory(_bytes);
        _bytes = next.Serialize();
        next.Dispose();
    }

    /// <summary>In a store.</summary>
    internal int Size()
    {
        SessionRecord record = Take();
        byte[] bytes = record.Serialize();
        Put(record);
        CryptographicOperations.ZeroMemory(bytes);
        return bytes.Length;
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        _record?.Dispose();
    }
}
