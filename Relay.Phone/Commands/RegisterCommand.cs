using Relay.Phone.Registering;
using Relay.Shared.Primitives;

namespace Relay.Phone.Commands;

/// <summary><c>register</c>: the code comes from the command line, a folder, or the terminal.</summary>
internal sealed class RegisterCommand(CommandLine line, Terminal terminal, TimeProvider time) : IPhoneCommand
{
    public async Task<int> ExecuteAsync(PhoneDevice device, CancellationToken cancellationToken)
    {
        if (line.Has("--code") && line.Has("--code-dir"))
        {
            throw new UsageException("--code and --code-dir exclude each other.");
        }

        PhoneNumber number = line.Number("--number");
        await device.RegisterAsync(number, Source(), cancellationToken);
        terminal.WriteLine($"registered {number}");
        return ExitCode.Done;
    }

    private AskForCode Source() =>
        line.Value("--code") is { } code ? Given(ToCode(code))
        : line.Value("--code-dir") is { } folder ? new CodeFolder(folder, time).ReadAsync
        : (_, _) => Task.FromResult(Ask());

    private static AskForCode Given(Secret code) => (_, _) => Task.FromResult(code);

    private Secret Ask()
    {
        terminal.Write("Verification code: ");
        return ToCode(terminal.ReadLine());
    }

    private static Secret ToCode(string? text) => text?.Trim().Replace("-", "", StringComparison.Ordinal) is { Length: 6 } code && code.All(char.IsAsciiDigit)
        ? new Secret(code)
        : throw new UsageException("A verification code has six digits.");
}
