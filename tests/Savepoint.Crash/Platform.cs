using System.Runtime.Versioning;

// Signals, preloaded libraries and loop devices: there is nothing of this on Windows.
[assembly: UnsupportedOSPlatform("windows")]
