using Cartwright.Commerce.Assistant.Speech;
using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Tests.Assistant.Speech;

public sealed class SpeechNetworkTests
{
    private static readonly SpeechEncoderOptions Small = new() { Channels = 8, Hidden = 24, Layers = 1, Dropout = 0 };

    [Fact]
    public void A_recording_gets_the_same_answer_alone_and_among_longer_ones()
    {
        var network = new HeadNetwork(Small, [3, 2], new Random(4));
        float[] rows = LogMel.Rows(WaveFiles.Tone(500, 0.33, new Random(1)));
        float[] longer = LogMel.Rows(WaveFiles.Tone(900, 0.8, new Random(2)));

        float[][] alone = HeadTraining.Chances(network, [rows])[0];
        float[][] among = HeadTraining.Chances(network, [longer, rows])[1];

        Assert.Equal(2, alone.Length);
        Assert.All(alone.Zip(among), heads => Assert.All(heads.First.Zip(heads.Second), pair => Assert.Equal(pair.First, pair.Second, 5)));
    }

    [Fact]
    public void Heads_learn_to_tell_tones_apart_with_the_same_bits_on_any_number_of_threads()
    {
        (HeadNetwork first, TaughtRecordings heard) = TaughtTones(threads: 1);
        (HeadNetwork second, _) = TaughtTones(threads: 2);

        float[][][] chances = HeadTraining.Chances(first, [.. heard.Sounds.Select(sound => LogMel.Rows(sound))]);

        int right = chances.Where((of, i) => Array.IndexOf(of[0], of[0].Max()) == heard.Classes[i][0]).Count();
        Assert.InRange(right, 20, 24);
        Assert.All(first.State().Zip(second.State()), pair => Assert.Equal(pair.First.Value.ToArray(), pair.Second.Value.ToArray()));
    }

    [Fact]
    public void Writes_the_letters_of_tones_in_their_order()
    {
        string[] words = ["ab", "ba", "aba", "b", "a", "bab"];
        var network = new TextNetwork(Small, new Random(5));
        SpokenText[] spoken = [.. Enumerable.Range(0, 32).Select(i => new SpokenText(Sung(words[i % words.Length], new Random(i)), words[i % words.Length]))];

        TextTraining.Train(network, spoken, 25, 0.01f, new SoundAugmentation { RoomShare = 0, NoiseShare = 0, HiddenBandRuns = 0, HiddenTimeRuns = 0 }, 1, TimeProvider.System, "tones", null, default);

        var decoder = new CtcDecoder(SpeechAlphabet.Blank);
        int right = words.Count(word => SpeechAlphabet.Decode(decoder.Greedy(network.Hear(LogMel.Rows(Sung(word, new Random(99)))), SpeechAlphabet.ClassCount)) == word);
        Assert.InRange(right, 5, 6);
    }

    [Fact]
    public void Gradients_reach_every_weight()
    {
        var network = new TextNetwork(Small, new Random(5)) { IsTraining = true };
        using var scope = TensorScope.Begin(1);
        var batch = new SpeechBatch([LogMel.Rows(Sung("ab", new Random(1)))]);

        Ctc.Loss(network.Forward(batch), batch.Offsets, SpeechAlphabet.Encode("ab"), [0, 2]).Backward();

        Assert.All(network.Parameters(), weight => Assert.Contains(weight.Value.Gradient.ToArray(), x => x != 0));
    }

    [Fact]
    public void Changes_follow_from_the_seed_and_keep_a_recording_about_as_long()
    {
        float[] samples = WaveFiles.Tone(500, 0.5, new Random(1));

        float[] first = new SoundAugmentation().Apply(samples, Seeds.Random(3, 1));

        Assert.Equal(first, new SoundAugmentation().Apply(samples, Seeds.Random(3, 1)));
        Assert.NotEqual(first, new SoundAugmentation().Apply(samples, Seeds.Random(4, 1)));
        Assert.InRange(first.Length / LogMel.BandCount, 40, 58);
    }

    private static (HeadNetwork Network, TaughtRecordings Heard) TaughtTones(int threads)
    {
        var random = new Random(7);
        var heard = new TaughtRecordings([.. Enumerable.Range(0, 24).Select(i => WaveFiles.Tone(400 * (1 + (i % 3)), 0.2 + (0.1 * random.NextDouble()), random))],
            [.. Enumerable.Range(0, 24).Select(i => (int[])[i % 3])]);
        var network = new HeadNetwork(Small, [3], new Random(8));
        int before = Compute.ThreadCount;
        try
        {
            Compute.ThreadCount = threads;
            HeadTraining.Train(network, heard, heard, 15, new SoundAugmentation { LeastSpeed = 0.97f, MostSpeed = 1.03f }, 1, TimeProvider.System, null, default);
        }
        finally
        {
            Compute.ThreadCount = before;
        }

        return (network, heard);
    }

    /// <summary>A is a low tone and b a high one.</summary>
    private static float[] Sung(string word, Random random) => [.. word.SelectMany(letter => WaveFiles.Tone(letter == 'a' ? 350 : 1_400, 0.14, random))];
}
