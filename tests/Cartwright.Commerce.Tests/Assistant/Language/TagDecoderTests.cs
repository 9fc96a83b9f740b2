using Cartwright.Commerce.Assistant;

namespace Cartwright.Commerce.Tests.Assistant;

public sealed class TagDecoderTests
{
    private static readonly string[] Tags = ["O", "B-a", "I-a", "B-b", "I-b", "c"];

    [Fact]
    public void The_path_is_the_likeliest_of_all_that_are_allowed()
    {
        var random = new Random(3);
        var decoder = new TagDecoder(Tags);
        for (int trial = 0; trial < 20; trial++)
        {
            const int Words = 4;
            float[] chances = [.. Enumerable.Range(0, Words * Tags.Length).Select(_ => (float)random.NextDouble())];

            int[] path = decoder.Decode(chances);

            int[][] all = Paths(Words);
            double Score(int[] of) => of.Select((tag, w) => Math.Log(chances[(w * Tags.Length) + tag])).Sum();
            Assert.True(IsAllowed(path));
            Assert.Equal(all.Where(IsAllowed).Max(Score), Score(path), 9);
        }
    }

    [Fact]
    public void Where_pieces_are_marked_without_a_beginning_a_piece_may_begin_inside()
    {
        var decoder = new TagDecoder(["O", "I-a"]);

        Assert.Equal([0, 1, 1], decoder.Decode([0.9f, 0.1f, 0.2f, 0.8f, 0.3f, 0.7f]));
    }

    private static int[][] Paths(int words) => words == 0 ? [[]]
        : [.. Paths(words - 1).SelectMany(path => Enumerable.Range(0, Tags.Length).Select(tag => (int[])[.. path, tag]))];

    private static bool IsAllowed(int[] path) => path.Select((tag, w) => !Tags[tag].StartsWith("I-", StringComparison.Ordinal)
        || (w > 0 && Tags[path[w - 1]] is { Length: 3 } before && before[2..] == Tags[tag][2..])).All(allowed => allowed);
}
