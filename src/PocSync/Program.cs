return await PocSync.Cli.CommandLine.RunAsync(args, PocSync.Cli.Surroundings.OfProcess);
