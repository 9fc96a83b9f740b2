using System.Text;
using Cartwright.Cli.Commands;

namespace Cartwright.Cli.Tests.House;

public sealed class SnapshotTests
{
    [Fact]
    public void The_public_api_of_learning_is_the_approved_one() =>
        Snapshot.Matches("Cartwright.Learning.txt", PublicApi.Of(typeof(Learning.ShapeException).Assembly));

    [Fact]
    public void The_public_api_of_commerce_is_the_approved_one() =>
        Snapshot.Matches("Cartwright.Commerce.txt", PublicApi.Of(typeof(Commerce.Catalog.Product).Assembly));

    [Fact]
    public async Task The_help_of_every_command_is_the_approved_one()
    {
        var pages = new StringBuilder();
        foreach (CliCommand command in Cli.Commands())
        {
            string[] words = [.. command.Path.Split(' ').Skip(1), "--help"];
            pages.Append("$ cartwright ").AppendJoin(' ', words).Append('\n')
                .Append((await Cli.RunAsync(words)).Output).Append('\n');
        }

        Snapshot.Matches("help.txt", pages.ToString());
    }
}
