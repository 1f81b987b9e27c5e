using Relay.Phone.Chat;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;

namespace Relay.Phone.Commands;

/// <summary>From arguments to exit code. Everything a user can run into becomes one line on stderr.</summary>
internal sealed class PhoneProgram(Func<string, string?> environment, Terminal terminal, TimeProvider time)
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(60);

    internal async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            CommandLine line = CommandLine.Parse(arguments);
            if (line.Has(CommandSyntax.Help))
            {
                terminal.WriteLine(HelpText.Text);
                return ExitCode.Done;
            }

            return await ExecuteAsync(line, cancellationToken);
        }
        catch (UsageException e)
        {
            terminal.WriteError($"{e.Message} See --help.");
            return ExitCode.Usage;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (PhoneException e)
        {
            return Fail(e.Message);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            return Fail("The transport can't be reached. Is it running, and is --transport right?");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail($"The state can't be read or written: {e.Message}");
        }
    }

    private int Fail(string message)
    {
        terminal.WriteError(message);
        return ExitCode.Failed;
    }

    private async Task<int> ExecuteAsync(CommandLine line, CancellationToken cancellationToken)
    {
        Uri address = Address(line);
        using IPhoneState state = await OpenStateAsync(line, cancellationToken);
        using SocketsHttpHandler handler = new() { UseProxy = !address.IsLoopback };
        using HttpClient http = new(handler, disposeHandler: false) { Timeout = CallTimeout };
        using PhoneDevice device = new(state, new TransportClient(http, address), time);
        return await Choose(line).ExecuteAsync(device, cancellationToken);
    }

    private IPhoneCommand Choose(CommandLine line) => line.Syntax.Name switch
    {
        "register" => new RegisterCommand(line, terminal, time),
        "send" => new SendCommand(line, terminal),
        "answer" => new AnswerCommand(line, terminal),
        "react" or "edit" or "revoke" => new ChangeCommand(line, terminal),
        "save" => new SaveCommand(line, terminal),
        "played" => new PlayedCommand(line),
        "receive" => new ReceiveCommand(line, terminal, time),
        "read" => new ReadCommand(line, terminal),
        "report" => new ReportCommand(line, terminal),
        "block" or "unblock" => new BlockCommand(line, terminal),
        "safety-number" => new SafetyNumberCommand(line, terminal),
        "status" => new StatusCommand(line, terminal),
        _ => new ChatCommand(terminal, time),
    };

    private Uri Address(CommandLine line)
    {
        string address = line.Value("--transport") ?? environment("RELAY_TRANSPORT_URL") ?? "http://127.0.0.1:7071";

        // The credential goes with every call: over a network only under TLS.
        return Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            ? uri
            : throw new UsageException("--transport takes an https address, or an http one of this machine.");
    }

    private async Task<PhoneStateFile> OpenStateAsync(CommandLine line, CancellationToken cancellationToken)
    {
        string path = line.Value("--state") ?? environment("RELAY_PHONE_STATE") ?? Path.Combine(".relay", "phone", "phone.state");
        return await PhoneStateFile.OpenAsync(path, KeySource(line, path), time, cancellationToken);
    }

    private IStateKeySource KeySource(CommandLine line, string path)
    {
        if (line.Value("--passphrase-env") is not { } variable)
        {
            return new KeyFile(path + ".key");
        }

        return environment(variable) is { Length: > 0 } passphrase
            ? new PassphraseKey(new Secret(passphrase))
            : throw new UsageException("The variable named by --passphrase-env is empty.");
    }
}
