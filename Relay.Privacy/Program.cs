using Relay.Privacy;

return await PrivacyProgram.RunAsync(args, Console.Out, Console.Error);
