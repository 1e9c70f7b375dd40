namespace Savepoint.Model;

/// <summary>Measures from a moment on, by a clock that is given.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Started">Its time stamp at that moment.</param>
internal readonly record struct Stopclock(TimeProvider Time, long Started)
{
    public static Stopclock Start(TimeProvider time) => new(time, time.GetTimestamp());

    public TimeSpan Elapsed => Time.GetElapsedTime(Started);
}
