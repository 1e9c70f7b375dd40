using Savepoint.Cli;
using Savepoint.Cli.Platform;

NativeLibraries.LoadFromBeside();
return await CommandLine.RunAsync(args).ConfigureAwait(false);
