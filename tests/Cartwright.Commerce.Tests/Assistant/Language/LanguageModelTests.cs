using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning;

namespace Cartwright.Commerce.Tests.Assistant;

public sealed class LanguageModelTests
{
    private static readonly string[] Cities = ["rome", "paris", "new york", "san diego", "oslo"];

    [Fact]
    public void A_few_sentences_are_learned_with_their_slots_and_what_is_out_of_scope_is_refused()
    {
        LanguageModel model = Train(threads: 1);

        Understanding flight = model.Understand("please fly to San Diego on monday!");
        Understanding joke = model.Understand("tell me a joke about cats");

        Assert.Equal(("flight", true), (flight.Intent, flight.InScope));
        Assert.Equal([("city", "San Diego", 14, 9), ("day", "monday", 27, 6)], flight.Slots.Select(slot => (slot.Name, slot.Value, slot.Start, slot.Length)));
        Assert.InRange(flight.Confidence, 0.3, 1);
        Assert.Equal((ShopIntents.OutOfScope, false), (joke.Intent, joke.InScope));
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        (LanguageModel one, LanguageModel two) = (Train(threads: 1, epochs: 2), Train(threads: 2, epochs: 2));

        Assert.Equal(one.Networks.SelectMany(network => network.Parameters()).Select(weight => weight.Value.ToArray()),
            two.Networks.SelectMany(network => network.Parameters()).Select(weight => weight.Value.ToArray()));
    }

    [Fact]
    public void A_sentence_is_read_alike_alone_and_among_others_and_the_empty_one_too()
    {
        LanguageModel model = Train(threads: 1, epochs: 2);
        string[] texts = ["fly to rome", "", "what is the fare from oslo to new york on sunday", "?"];
        UtteranceExample[] examples = [.. texts.Select(text => new UtteranceExample(text, UtteranceWord.Split(text), "", null))];

        ReadLanguage[] together = [.. model.Read(examples)];

        for (int i = 0; i < examples.Length; i++)
        {
            float[] alone = model.Read([examples[i]]).Single().Intents;
            Assert.All(alone.Zip(together[i].Intents), pair => Assert.Equal(pair.First, pair.Second, 5));
        }
    }

    private static LanguageModel Train(int threads, int epochs = 30)
    {
        int before = Compute.ThreadCount;
        Compute.ThreadCount = threads;
        try
        {
            UtteranceExample[] examples = [.. Sentences().Select(UtteranceExample.Of)];
            return UnderstandingTrainer.Train(examples, examples[..40], seed: 1, epochs, TimeProvider.System, null, default);
        }
        finally
        {
            Compute.ThreadCount = before;
        }
    }

    private static IEnumerable<Utterance> Sentences()
    {
        foreach (string city in Cities)
        {
            foreach (string day in (string[])["monday", "sunday", "friday"])
            {
                string tags = city.Contains(' ', StringComparison.Ordinal) ? "B-city I-city" : "B-city";
                yield return Of($"fly to {city} on {day}", "flight", $"O O {tags} O B-day");
                yield return Of($"please book a flight to {city} on {day}", "flight", $"O O O O O {tags} O B-day");
                yield return Of($"what is the fare to {city}", "fare", $"O O O O O {tags}");
                yield return Of($"how much is {city} on {day}", "fare", $"O O O {tags} O B-day");
            }
        }

        foreach (string thing in (string[])["cats", "dogs", "the sun", "mondays", "my boss", "tea", "music", "the moon", "birds", "snow"])
        {
            yield return new Utterance { Text = $"tell me a joke about {thing}", Intent = "oos" };
            yield return new Utterance { Text = $"sing a song of {thing}", Intent = "oos" };
        }
    }

    private static Utterance Of(string text, string intent, string tags) => new() { Text = text, Intent = intent, Slots = tags.Split(' ') };
}
