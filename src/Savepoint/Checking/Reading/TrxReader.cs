using System.Xml;

namespace Savepoint.Checking.Reading;

/// <summary>TRX, Visual Studio's format of test results: a <c>UnitTestResult</c> each.</summary>
internal static class TrxReader
{
    /// <summary>The results; null if the file has none.</summary>
    /// <exception cref="XmlException">It is no such file.</exception>
    public static TestReport? Read(XmlReader xml)
    {
        var tally = new TestTally();
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "UnitTestResult")
            {
                Add(tally, xml.GetAttribute("testName") ?? "?", xml.GetAttribute("outcome"));
            }
        }

        return tally.Report("TRX");
    }

    private static void Add(TestTally tally, string name, string? outcome)
    {
        switch (outcome)
        {
            case "Passed" or "PassedButRunAborted" or "Warning":
                tally.Pass();
                break;
            case "NotExecuted" or "NotRunnable" or "Inconclusive" or "Pending" or "Disconnected":
                tally.Skip();
                break;
            default:
                tally.Fail(name); // Failed, Error, Timeout, Aborted; none at all means Error
                break;
        }
    }
}
