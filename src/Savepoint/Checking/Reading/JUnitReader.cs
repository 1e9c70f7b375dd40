using System.Xml;

namespace Savepoint.Checking.Reading;

/// <summary>
/// JUnit's XML, which surefire, gradle, pytest, jest and many others write: <c>testcase</c> with <c>failure</c>, <c>error</c> or
/// <c>skipped</c> in it; a rerun that failed and then passed has other names.
/// </summary>
internal static class JUnitReader
{
    /// <summary>The results; null if the file has none.</summary>
    /// <exception cref="XmlException">It is no such file.</exception>
    public static TestReport? Read(XmlReader xml)
    {
        var tally = new TestTally();
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "testcase")
            {
                ReadCase(xml, tally);
            }
        }

        return tally.Report("JUnit XML");
    }

    private static void ReadCase(XmlReader xml, TestTally tally)
    {
        var (name, holder, depth) = (xml.GetAttribute("name") ?? "?", xml.GetAttribute("classname"), xml.Depth);
        var (hasFailed, isSkipped) = (false, xml.GetAttribute("status") is "skipped" or "disabled" or "notrun");
        if (!xml.IsEmptyElement)
        {
            while (xml.Read() && xml.Depth > depth)
            {
                if (xml.NodeType == XmlNodeType.Element && xml.Depth == depth + 1)
                {
                    hasFailed |= xml.LocalName is "failure" or "error";
                    isSkipped |= xml.LocalName == "skipped";
                }
            }
        }

        if (isSkipped)
        {
            tally.Skip(); // also what failed and was expected to
        }
        else if (hasFailed)
        {
            tally.Fail(string.IsNullOrEmpty(holder) || name.StartsWith(holder, StringComparison.Ordinal) ? name : $"{holder}.{name}");
        }
        else
        {
            tally.Pass();
        }
    }
}
