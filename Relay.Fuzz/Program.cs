using Relay.Fuzz;

return await FuzzProgram.RunAsync(args, Console.Out, Console.Error);
