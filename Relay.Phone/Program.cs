using System.Runtime.InteropServices;
using Relay.Phone.Commands;

using CancellationTokenSource ending = new();
void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ending.Cancel();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
PhoneProgram program = new(
    Environment.GetEnvironmentVariable, new Terminal(Console.In, Console.Out, Console.Error), TimeProvider.System);
return await program.RunAsync(args, ending.Token);
