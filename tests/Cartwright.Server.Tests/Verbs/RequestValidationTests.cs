using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Server.Verbs;

namespace Cartwright.Server.Tests.Verbs;

public sealed class RequestValidationTests
{
    [Fact]
    public void Names_the_field_as_callers_write_it()
    {
        var error = Assert.Throws<InvalidRequestException>(() => RequestValidation.Validate(new RecommendRequest { Count = 0 }));

        Assert.Equal(["count"], error.Errors.Keys);
        Assert.Contains("it takes 1 to 100", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cutoff", "A cutoff is 0; each is 1 to 10,000.", 0)]
    [InlineData("cutoff", "A cutoff is there twice in 10, 5, 10", 10, 5, 10)]
    public void Refuses_cutoffs_that_measure_nothing(string field, string message, params int[] cutoffs)
    {
        var error = Assert.Throws<InvalidRequestException>(() => RequestValidation.Validate(new EvaluateRequest { Cutoff = cutoffs }));

        Assert.Equal([field], error.Errors.Keys);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_names_that_do_not_exist_before_a_run_waits_for_its_turn()
    {
        var evaluation = Assert.Throws<InvalidRequestException>(
            () => RequestValidation.Validate(new EvaluateRequest { Protocol = "leave-one", Model = "sasrek" }));
        var training = Assert.Throws<InvalidRequestException>(() => RequestValidation.Validate(new TrainRequest { Model = "all" }));
        RequestValidation.Validate(new EvaluateRequest { Model = "all" });

        Assert.Equal(["protocol", "model"], evaluation.Errors.Keys);
        Assert.Contains("Did you mean 'leave-one-out'?", evaluation.Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'sasrec'?", evaluation.Message, StringComparison.Ordinal);
        Assert.Equal(["model"], training.Errors.Keys);
    }

    [Fact]
    public void Looks_into_the_records_of_a_list()
    {
        Interaction good = new() { At = DateTimeOffset.UnixEpoch.AddYears(50), Shopper = "s", Product = "p", Kind = InteractionKind.View };
        var request = new InteractionsRequest { Interactions = [good, good with { Price = -1 }] };

        var error = Assert.Throws<InvalidRequestException>(() => RequestValidation.Validate(request));

        Assert.Equal(["interactions[1].price"], error.Errors.Keys);
    }

    [Theory]
    [InlineData(InteractionKind.View, false)]
    [InlineData(InteractionKind.Purchase, false)]
    [InlineData(InteractionKind.Search, true)]
    public void Lets_only_a_search_go_without_a_product(InteractionKind kind, bool isFine)
    {
        Interaction act = new() { At = DateTimeOffset.UnixEpoch.AddYears(50), Shopper = "s", Query = "pan", Kind = kind };
        var request = new InteractionsRequest { Interactions = [act] };

        InvalidRequestException? error = Record.Exception(() => RequestValidation.Validate(request)) as InvalidRequestException;

        Assert.Equal(isFine, error is null);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1.0)]
    public void Refuses_quantities_that_are_no_count(double quantity)
    {
        Interaction act = new() { At = DateTimeOffset.UnixEpoch.AddYears(50), Shopper = "s", Product = "p", Kind = InteractionKind.Cart, Quantity = quantity };

        var error = Assert.Throws<InvalidRequestException>(() => RequestValidation.Validate(new InteractionsRequest { Interactions = [act] }));

        Assert.Equal(["interactions[0].quantity"], error.Errors.Keys);
    }

    [Fact]
    public void Refuses_times_that_lie_ahead_and_lets_a_missing_one_be_now()
    {
        Interaction act = new() { Shopper = "s", Product = "p", Kind = InteractionKind.View };
        Interaction ahead = act with { At = TimeProvider.System.GetUtcNow().AddDays(3) };

        var error = Assert.Throws<InvalidRequestException>(() => RequestValidation.Validate(new InteractionsRequest { Interactions = [act, ahead] }));

        Assert.Equal(["interactions[1].at"], error.Errors.Keys);
    }

    [Fact]
    public void Refuses_text_without_end()
    {
        var error = Assert.Throws<InvalidRequestException>(() => RequestValidation.Validate(new RecommendRequest { ShopperId = new string('x', 5000) }));

        Assert.Equal(["shopperId"], error.Errors.Keys);
    }

    [Fact]
    public void Takes_the_defaults_of_every_verb_without_required_fields()
    {
        foreach (Verb verb in VerbTable.All.Where(v => !v.RequestType.GetProperties().Any(p => p.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute), inherit: true))))
        {
            RequestValidation.Validate(Activator.CreateInstance(verb.RequestType)!, verb.RequestType);
        }
    }
}
