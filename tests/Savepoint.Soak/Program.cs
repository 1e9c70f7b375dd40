using System.Globalization;
using Savepoint.Tests.Soak;

// Native, as the command is: what a process holds after an hour is then Savepoint's, and not what the runtime compiled in it.
if (args is not [var hours, var operations, var quota])
{
    Console.Error.WriteLine("Savepoint.Soak HOURS OPERATIONS-AN-HOUR QUOTA-BYTES");
    return 2;
}

try
{
    await SoakRun.RunAsync(int.Parse(hours, CultureInfo.InvariantCulture), int.Parse(operations, CultureInfo.InvariantCulture), long.Parse(quota, CultureInfo.InvariantCulture), Console.Out.WriteLine);
    return 0;
}
catch (InvalidOperationException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
