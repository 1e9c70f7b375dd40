return await Savepoint.Cli.CommandLine.RunAsync(args).ConfigureAwait(false);
