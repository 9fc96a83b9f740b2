namespace Cartwright.Cli.Tests.House;

/// <summary>Compares a text with the approved one under <c>Snapshots/</c>. A changed snapshot is a decision, seen in review.</summary>
internal static class Snapshot
{
    private const string Approve = "CARTWRIGHT_APPROVE";

    public static void Matches(string name, string actual)
    {
        string file = Checkout.At("tests", "Cartwright.Cli.Tests", "House", "Snapshots", name);
        actual = actual.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(Approve) is "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
            return;
        }

        string approved = File.Exists(file) ? File.ReadAllText(file) : "";
        string[] gone = [.. approved.Split('\n').Except(actual.Split('\n'))];
        string[] come = [.. actual.Split('\n').Except(approved.Split('\n'))];
        Assert.True(approved == actual,
            $"{name} has changed. If that is meant, run the tests with {Approve}=1 and commit the file.\n"
            + string.Join('\n', gone.Select(line => "- " + line).Concat(come.Select(line => "+ " + line)).Take(40)));
    }
}
