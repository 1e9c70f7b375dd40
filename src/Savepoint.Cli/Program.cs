using Savepoint.Cli;
using Savepoint.Cli.Platform;

StandardDescriptors.Fill();
NativeLibraries.LoadFromBeside();
return await CommandLine.RunAsync(args).ConfigureAwait(false);
