using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;

namespace Relay.LocalHost.Administration;

/// <summary>
/// The key that opens what users attach to reports: a line of text in a file that only its owner reads (mode 0600), and nowhere else. No part of a running Relay has it.
/// </summary>
internal sealed class ReportKeyFile : IDisposable
{
    private const string Head = "relay-report-key-v1 ";
    private const int MaxSize = 1024;

    private readonly SecretBytes _privateKey;

    private ReportKeyFile(SecretBytes privateKey)
    {
        _privateKey = privateKey;
        PublicKey = ReportBox.PublicKeyOf(privateKey.Reveal());
    }

    internal byte[] PublicKey { get; }

    /// <summary>Reads the file, or makes it with a new key; null when what is there is no key, or can't be read or made.</summary>
    internal static ReportKeyFile? ReadOrCreate(string path)
    {
        try
        {
            // Never over one that is there: it opens what was sealed for it.
            FileStreamOptions made = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                made.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            SecretBytes key = SecretBytes.Random(ReportBox.KeySize);
            using FileStream file = new(path, made);
            file.Write(Encoding.ASCII.GetBytes($"{Head}{Convert.ToBase64String(key.Reveal())}\n"));
            file.Flush(flushToDisk: true);
            return new ReportKeyFile(key);
        }
        catch (IOException) when (File.Exists(path))
        {
            return Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Null when it is no such file.</summary>
    internal static ReportKeyFile? Read(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read);
            byte[] text = new byte[MaxSize];
            int size = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            string line = Encoding.ASCII.GetString(text, 0, size).Trim();
            byte[] key = new byte[ReportBox.KeySize];
            return line.StartsWith(Head, StringComparison.Ordinal) && Convert.TryFromBase64String(line[Head.Length..], key, out int length) && length == key.Length
                ? new ReportKeyFile(SecretBytes.Own(key))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Null when it was sealed for another key.</summary>
    internal string? Open(byte[] box) => ReportBox.Open(PublicKey, _privateKey.Reveal(), box);

    public void Dispose() => _privateKey.Dispose();

    public override string ToString() => nameof(ReportKeyFile);
}
