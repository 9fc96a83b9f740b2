using Cartwright.Commerce.Vision;

namespace Cartwright.Commerce.Tests.Vision;

public sealed class AttributeTrainingTests
{
    private const int Width = 6;

    private static readonly string[] Shapes = ["round", "square", "flat"];

    [Fact]
    public void A_layer_tells_what_can_be_seen_and_its_chances_are_right()
    {
        List<AttributeHead> heads = Learn();
        AttributeHead shape = Assert.Single(heads);
        DescribedPictures unseen = Draw(400, seed: 9);

        (string Value, double Chance)[] guesses = [.. Enumerable.Range(0, unseen.Count).Select(row => shape.Guess(unseen.Embeddings.AsSpan(row * Width, Width)))];

        bool[] isRight = [.. guesses.Select((guess, row) => guess.Value == unseen.Facts[row]["shape"])];
        Assert.Equal("shape", shape.Name);
        Assert.Equal(Shapes.Order(), shape.Values);
        Assert.InRange(isRight.Count(right => right) / 400.0, 0.75, 0.99);
        Assert.Equal(isRight.Count(right => right) / 400.0, guesses.Average(guess => guess.Chance), 0.06);
    }

    [Fact]
    public void What_nobody_can_see_gets_no_layer() => Assert.DoesNotContain(Learn(), head => head.Name == "batch");

    [Fact]
    public void A_few_pictures_teach_nothing() =>
        Assert.Empty(AttributeTraining.Run(Draw(30, 1), Draw(30, 2), seed: 1, TimeProvider.System, CancellationToken.None));

    [Fact]
    public void Rare_values_are_told_as_none()
    {
        DescribedPictures train = Draw(200, 1);
        var facts = train.Facts.Select((of, i) => new Dictionary<string, string>(of, StringComparer.Ordinal) { ["shape"] = of["shape"] == "flat" ? $"flat {i}" : of["shape"] }).ToList();

        AttributeHead shape = AttributeTraining.Run(train with { Facts = facts }, Draw(60, 2), 1, TimeProvider.System, CancellationToken.None).Single(head => head.Name == "shape");

        Assert.Equal(["", "round", "square"], shape.Values);
        Assert.Equal("", shape.Guess([0, 0, 4, 0, 0, 0]).Value);
    }

    private static List<AttributeHead> Learn() => AttributeTraining.Run(Draw(300, 1), Draw(80, 2), seed: 1, TimeProvider.System, CancellationToken.None);

    /// <summary>Embeddings in which the shape is seen with some noise, and nothing else is.</summary>
    private static DescribedPictures Draw(int count, int seed)
    {
        var random = new Random(seed);
        float[] embeddings = new float[count * Width];
        var facts = new List<Dictionary<string, string>>();
        for (int i = 0; i < count; i++)
        {
            int shape = random.Next(Shapes.Length);
            for (int j = 0; j < Width; j++)
            {
                embeddings[(i * Width) + j] = (float)((j == shape ? 2 : 0) + (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 1.6);
            }

            facts.Add(new Dictionary<string, string>(StringComparer.Ordinal) { ["shape"] = Shapes[shape], ["batch"] = $"b{random.Next(3)}" });
        }

        return new DescribedPictures(embeddings, facts);
    }
}
