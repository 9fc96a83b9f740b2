#:project ../src/Cartwright.Learning/Cartwright.Learning.csproj
#:property PublishAot=false

using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

// Two signals hide somewhere among noise. The class is which two and in what order: Hochreiter and Schmidhuber, 1997, experiment 6.
Random random = new(1);
SequenceClassifier model = new(tokenCount: 6, classCount: 4, random);
Adam adam = new(model, new AdamOptions { LearningRate = 0.003f });
for (int step = 1; step <= 120; step++)
{
    using TensorScope scope = TensorScope.Begin((ulong)step);
    Batch batch = Batch.Draw(64, random);
    Tensor loss = CrossEntropy.Loss(model.Forward(batch.Tokens, batch.Offsets), batch.Classes);
    loss.Backward();
    adam.ClipGradients(1);
    adam.Step();
    if (step % 30 == 0)
    {
        Console.WriteLine($"step {step}: loss {loss.Item():F4}");
    }
}

Batch unseen = Batch.Draw(1000, random);
int[] answers = model.Classify(unseen.Tokens, unseen.Offsets);
Console.WriteLine($"accuracy on 1000 unseen sequences: {answers.Zip(unseen.Classes).Count(pair => pair.First == pair.Second) / 1000.0:P1}");

/// <summary>An LSTM reads, attention picks what mattered, a dense layer decides.</summary>
internal sealed class SequenceClassifier(int tokenCount, int classCount, Random random) : Module
{
    private readonly Embedding _tokens = new(tokenCount, 16, random, deviation: 1);
    private readonly Lstm _lstm = new(16, 128, random);
    private readonly AttentionPooling _attention = new(128, 64, random);
    private readonly Dense _output = new(128, classCount, random);

    protected override IEnumerable<Part> Parts =>
        [new("tokens", _tokens), new("lstm", _lstm), new("attention", _attention), new("output", _output)];

    /// <returns>Logits: [sequences, classes].</returns>
    public Tensor Forward(int[] tokens, int[] offsets)
    {
        Tensor states = _lstm.Forward(_tokens.Forward(tokens), offsets).Output;      // [tokens, 128]
        return _output.Forward(_attention.Forward(states, offsets));
    }

    public int[] Classify(int[] tokens, int[] offsets)
    {
        using TensorScope scope = TensorScope.Begin();
        using NoGradient answering = NoGradient.Begin();
        return [.. Forward(tokens, offsets).ToArray().Chunk(classCount).Select(logits => logits.IndexOf(logits.Max()))];
    }
}

/// <summary>Sequences one after the other: sequence s is the tokens Offsets[s] up to Offsets[s + 1]. Tokens 0 to 3 are noise, 4 and 5 signals.</summary>
internal sealed record Batch(int[] Tokens, int[] Offsets, int[] Classes)
{
    public static Batch Draw(int count, Random random)
    {
        List<int> tokens = [], offsets = [0], classes = [];
        for (int s = 0; s < count; s++)
        {
            int[] sequence = [.. Enumerable.Range(0, random.Next(20, 40)).Select(_ => random.Next(4))];
            (int first, int second) = (random.Next(2), random.Next(2));
            sequence[random.Next(0, 8)] = 4 + first;
            sequence[random.Next(8, sequence.Length)] = 4 + second;
            tokens.AddRange(sequence);
            offsets.Add(tokens.Count);
            classes.Add((2 * first) + second);
        }

        return new Batch([.. tokens], [.. offsets], [.. classes]);
    }
}
