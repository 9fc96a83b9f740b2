using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Tables;

namespace Cartwright.Commerce.Behavior;

/// <summary>Answers about sessions and shoppers as they are at this moment.</summary>
internal sealed class SessionScorer(ServedVersion<ServedSessions> served, ServedVersion<TableService> returns, TimeProvider clock)
{
    private const int WeeksAhead = 52;

    private static readonly TimeSpan UsualStep = TimeSpan.FromSeconds(30);

    private volatile LastDay? _lastDay;
    private volatile Values? _values;

    /// <summary>Lets go of what is kept of shoppers and sessions in memory, and of the models.</summary>
    public void Forget()
    {
        (_lastDay, _values) = (null, null);
        served.Release();
        returns.Release();
    }

    /// <exception cref="ModelNotTrainedException">Nothing is trained yet.</exception>
    /// <exception cref="NotFoundException">Nothing is known of the shopper, the session or a product.</exception>
    public ScoreResponse Score(LiveShop live, ScoreRequest request)
    {
        ((SessionModel model, SessionMemory memory), string version) = served.Get();
        bool isTold = request.Events is { Count: > 0 };
        KnownSession known = isTold ? Told(live, model, request) : Find(live, model, request);
        Func<int, ProductReading> reading = model.Vocabulary.Over(live.Products);
        Session session = known.Session;
        Intent[] intents = isTold ? model.Read(SessionBatch.Of([(session, known.Past)], reading, model.HasTimes)) : memory.Read(model, KeyOf(session), session, known.Past, reading);
        return new ScoreResponse(session.Shopper, session.Id, session.Events.Length, ShopTime.FromMicroseconds(session.EndedAt), !isTold && IsOver(live, session),
            SessionIntents.Answer(intents[^1]), session.Shopper is { } shopper ? ChanceToReturn(live, shopper) : null, null,
            request.Explain ? SessionIntents.Reasons(model, known, reading, live.Products) : [], version);
    }

    /// <exception cref="NotFoundException">Nothing is known of the shopper.</exception>
    public ShopperResponse Timeline(LiveShop live, ShopperRequest request)
    {
        Session[] sessions = Sessions.OfShopper(live, request.ShopperId);
        if (Latest(live, sessions) is { } latest)
        {
            sessions[^1] = latest;
        }

        IReadOnlyList<LiveEvent> events = live.ShopperEvents(request.ShopperId);
        if (events.Count == 0)
        {
            throw new NotFoundException($"Nothing is known of shopper '{request.ShopperId}'.");
        }

        int skipped = request.Next is null ? 0 : int.TryParse(request.Next, NumberStyles.None, CultureInfo.InvariantCulture, out int place) ? place
            : throw new ValidationException($"The field next was '{request.Next}'; it takes what the answer before called next.");
        (Intent[] intents, string? version) = sessions.Length == 0 ? ([], null) : Intents(live, sessions);
        Session[] shown = [.. sessions.Reverse().Skip(skipped).Take(request.Count)];
        int index = live.Snapshot.ShopperIndex(request.ShopperId);
        var facts = new ShopperFacts(sessions.Length, sessions.Count(session => session.Outcome == SessionOutcome.Purchase),
            events.Where(e => e.Interaction.Kind == InteractionKind.Purchase && !float.IsNaN(e.Price)).Sum(e => Math.Round(e.Price, 4) * e.Quantity),
            events[0].Interaction.At, events[^1].Interaction.At,
            index == Snapshot.None ? new Dictionary<string, string>(StringComparer.Ordinal) : live.Snapshot.Shoppers[index].Attributes);
        return new ShopperResponse(request.ShopperId, facts, intents.Length == 0 ? null : SessionIntents.Answer(intents[^1]),
            sessions.Length > 0 && IsOver(live, sessions[^1]), ChanceToReturn(live, request.ShopperId), Worth(live, request.ShopperId),
            [.. shown.Select(session => Told(live, session, ReferenceEquals(session, sessions[^1]) ? intents : []))],
            skipped + shown.Length < sessions.Length ? (skipped + shown.Length).ToString(CultureInfo.InvariantCulture) : null, version);
    }

    private (Intent[] Intents, string? Version) Intents(LiveShop live, Session[] sessions)
    {
        if (served.Find() is not ((SessionModel model, SessionMemory memory), string version))
        {
            return ([], null);
        }

        Func<int, ProductReading> reading = model.Vocabulary.Over(live.Products);
        return (memory.Read(model, KeyOf(sessions[^1]), sessions[^1], PastOf(sessions[..^1], sessions[^1], reading), reading), version);
    }

    private static KnownSession Find(LiveShop live, SessionModel model, ScoreRequest request)
    {
        Func<int, ProductReading> reading = model.Vocabulary.Over(live.Products);
        Session? session = request switch
        {
            { SessionId: { } id } => Sessions.OfId(live, id) ?? throw new NotFoundException($"Nothing is known of session '{id}'."),
            { ShopperId: { } id } => Latest(live, Sessions.OfShopper(live, id)) ?? throw new NotFoundException($"Nothing is known of shopper '{id}': no view, search, cart or purchase."),
            _ => throw new ValidationException("Name a shopper with --shopper-id, a session with --session-id, or tell events."),
        };
        return new KnownSession(session, PastOf(session.Shopper is { } shopper ? Sessions.OfShopper(live, shopper) : [], session, reading));
    }

    /// <summary>With what was done in it before the shopper signed in.</summary>
    private static Session? Latest(LiveShop live, Session[] sessions) =>
        sessions.LastOrDefault() is { Id: { } id } ? Sessions.OfId(live, id) : sessions.LastOrDefault();

    /// <summary>A session that somebody tells, by a shopper that the shop may know.</summary>
    private KnownSession Told(LiveShop live, SessionModel model, ScoreRequest request)
    {
        if (request.SessionId is not null)
        {
            throw new ValidationException("Both a session and events were given; score one of them.");
        }

        var events = new List<LiveEvent>();
        DateTimeOffset at = clock.GetUtcNow() - (UsualStep * request.Events!.Count);
        foreach (ScoredEvent told in request.Events)
        {
            if (!Enum.IsDefined(told.Kind) || !Sessions.IsStep(told.Kind))
            {
                throw new ValidationException("A session is made of impressions, views, clicks, searches, carts, uncarts and purchases; returns, ratings and blocks are none.");
            }

            int product = told.Product is null ? Snapshot.None : live.ProductIndex(told.Product);
            if (product == Snapshot.None && told.Product is not null)
            {
                throw new NotFoundException($"There is no product '{told.Product}' in the shop.");
            }

            at = told.At ?? at + UsualStep;
            events.Add(new LiveEvent(new LiveInteraction(product, told.Kind, at), request.ShopperId, null, (float?)told.Price ?? float.NaN, (float?)told.Quantity ?? 1, told.Position ?? 0));
        }

        var session = Sessions.Told(events, request.ShopperId);
        return new KnownSession(session, PastOf(request.ShopperId is { } shopper ? Sessions.OfShopper(live, shopper) : [], session, model.Vocabulary.Over(live.Products)));
    }

    private static ShopperPast PastOf(IEnumerable<Session> sessions, Session session, Func<int, ProductReading> reading)
    {
        var past = new ShopperPast();
        foreach (Session before in sessions.Where(before => before.StartedAt < session.StartedAt))
        {
            past.Add(before, reading);
        }

        return past;
    }

    private bool IsOver(LiveShop live, Session session) =>
        live.Snapshot.Info.HasRealTimes && clock.GetUtcNow() - ShopTime.FromMicroseconds(session.EndedAt) > Sessions.Pause;

    private static string KeyOf(Session session) => session.Id is { } id ? $"s {id}" : $"{session.StartedAt} {session.Shopper}";

    /// <summary>As of the last day that the shop knows: a shop that was imported long ago does not make strangers of its shoppers.</summary>
    private double? ChanceToReturn(LiveShop live, string shopper)
    {
        IReadOnlyList<LiveEvent> events = live.ShopperEvents(shopper);
        if (events.Count == 0 || !live.Snapshot.Info.HasRealTimes || returns.Find() is not { } found)
        {
            return null;
        }

        int index = live.Snapshot.ShopperIndex(shopper);
        IReadOnlyDictionary<string, string> attributes = index == Snapshot.None ? new Dictionary<string, string>(StringComparer.Ordinal) : live.Snapshot.Shoppers[index].Attributes;
        Dictionary<string, string> row = ReturnTable.RowOf(events, attributes, Today(live, events) + 1);
        int yes = found.Model.Target.Classes.ToList().IndexOf("yes");
        return yes < 0 ? null : Math.Round(found.Model.Answer([row], explains: false)[0].Values[yes], 6);
    }

    private ShopperValue? Worth(LiveShop live, string shopper)
    {
        IReadOnlyList<LiveEvent> events = live.ShopperEvents(shopper);
        if (!live.Snapshot.Info.HasRealTimes || events.Count == 0)
        {
            return null;
        }

        if (_values is not { } values || !ReferenceEquals(values.Shop, live.Snapshot))
        {
            ValueResponse? model = null;
            try
            {
                model = ShopperValues.Of(live.Snapshot, new ValueRequest { Count = 0 }, CancellationToken.None);
            }
            catch (ValidationException)
            {
                // Too few came back: nothing is said of worth.
            }

            _values = values = new Values(live.Snapshot, model);
        }

        return values.Model is null ? null : ShopperValues.Of(shopper, events, values.Model, Today(live, events), WeeksAhead);
    }

    /// <summary>The last day that the shop knows, in days since 1970.</summary>
    private long Today(LiveShop live, IReadOnlyList<LiveEvent> events)
    {
        if (_lastDay is not { } last || !ReferenceEquals(last.Shop, live.Snapshot))
        {
            long[] at = live.Snapshot.Interactions.At;
            _lastDay = last = new LastDay(live.Snapshot, at.Length == 0 ? 0 : at.Max() / (long)TimeSpan.FromDays(1).TotalMicroseconds);
        }

        return Math.Max(last.Day, ReturnTable.DayOf(events[^1]));
    }

    private static ShopperSession Told(LiveShop live, Session session, Intent[] intents)
    {
        int unread = session.Events.Length - intents.Length;
        return new ShopperSession(session.Id, ShopTime.FromMicroseconds(session.StartedAt), ShopTime.FromMicroseconds(session.EndedAt),
            session.Ending.ToString().ToLowerInvariant(),
            [.. session.Events.Select((step, i) =>
            {
                Product? product = step.Product == Snapshot.None ? null : live.Products[step.Product];
                return new ShopperEvent(ShopTime.FromMicroseconds(step.At), step.Kind, product?.Id, product?.Title, step.Quantity,
                    float.IsNaN(step.Price) ? null : Math.Round(step.Price, 2), i < unread || intents.Length == 0 ? null : SessionIntents.Answer(intents[i - unread]));
            })]);
    }

    private sealed record LastDay(Snapshot Shop, long Day);

    private sealed record Values(Snapshot Shop, ValueResponse? Model);
}
