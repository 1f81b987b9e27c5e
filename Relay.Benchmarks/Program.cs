using Relay.Benchmarks;

return await BenchmarkProgram.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
