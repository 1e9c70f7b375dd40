using System.Runtime.Versioning;

// The tests drive the executable through bash, with pipes, signals and file names that only Unix has.
[assembly: UnsupportedOSPlatform("windows")]
