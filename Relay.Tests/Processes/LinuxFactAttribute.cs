using Xunit;

namespace Relay.Tests.Processes;

/// <summary>A test that reads another process's memory.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "Reads /proc, which only Linux has.";
}
