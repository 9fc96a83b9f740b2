using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>Sessions as the network reads them, one after the other: columns of one length, an entry for each event.</summary>
internal sealed class SessionBatch
{
    /// <summary>Events of a session that are read, the latest; a session with more is rarely a person's.</summary>
    public const int MostEvents = 200;

    /// <summary>Stands for a target that is not asked about.</summary>
    public const int NoTarget = -100;

    private SessionBatch(int count, int tokens)
    {
        Offsets = new int[count + 1];
        (Kinds, Products, Categories, Brands) = (new int[tokens], new int[tokens], new int[tokens], new int[tokens]);
        (Outcomes, Next) = (new int[tokens], new int[tokens]);
        HasCart = new bool[tokens];
        Numbers = new float[tokens * SessionReader.Names.Length];
    }

    /// <summary>Session s has the events Offsets[s] up to Offsets[s + 1].</summary>
    public int[] Offsets { get; }

    public int[] Kinds { get; }

    public int[] Products { get; }

    public int[] Categories { get; }

    public int[] Brands { get; }

    /// <summary>[events, <see cref="SessionReader.Names"/>]</summary>
    public float[] Numbers { get; }

    /// <summary>Whether something was put in the cart up to each event.</summary>
    public bool[] HasCart { get; }

    /// <summary>How the session ends, as <see cref="SessionOutcome"/>; <see cref="NoTarget"/> once something was bought.</summary>
    public int[] Outcomes { get; }

    /// <summary>What follows each event, as <see cref="SessionAction"/>.</summary>
    public int[] Next { get; }

    public int Count => Offsets.Length - 1;

    public int TokenCount => Kinds.Length;

    /// <summary>Sessions by time, each with what was known of its shopper when it began; each is then counted for the next.</summary>
    /// <param name="from">Sessions before this place are counted alone.</param>
    /// <param name="pasts">By shopper id; what sessions before these left there, and added to.</param>
    public static SessionBatch InOrder(Session[] sessions, int from, Func<int, ProductReading> reading, bool hasTimes, Dictionary<string, ShopperPast> pasts)
    {
        var batch = new SessionBatch(sessions.Length - from, sessions.Skip(from).Sum(session => Math.Min(MostEvents, session.Events.Length)));
        for (int s = 0; s < sessions.Length; s++)
        {
            ShopperPast? past = null;
            if (sessions[s].Shopper is { } id && !pasts.TryGetValue(id, out past))
            {
                pasts[id] = past = new ShopperPast();
            }

            if (s >= from)
            {
                batch.Fill(s - from, sessions[s], past ?? new ShopperPast(), reading, hasTimes);
            }

            past?.Add(sessions[s], reading);
        }

        return batch;
    }

    /// <summary>Ways in which one session might have gone, with the same past.</summary>
    public static SessionBatch Of(IReadOnlyList<(Session Session, ShopperPast Past)> sessions, Func<int, ProductReading> reading, bool hasTimes)
    {
        var batch = new SessionBatch(sessions.Count, sessions.Sum(s => Math.Min(MostEvents, s.Session.Events.Length)));
        for (int s = 0; s < sessions.Count; s++)
        {
            batch.Fill(s, sessions[s].Session, sessions[s].Past, reading, hasTimes);
        }

        return batch;
    }

    /// <summary>Some of the sessions.</summary>
    public SessionBatch Take(ReadOnlySpan<int> sessions)
    {
        int tokens = 0;
        foreach (int session in sessions)
        {
            tokens += Offsets[session + 1] - Offsets[session];
        }

        var taken = new SessionBatch(sessions.Length, tokens);
        for (int i = 0; i < sessions.Length; i++)
        {
            (int from, int length) = (Offsets[sessions[i]], Offsets[sessions[i] + 1] - Offsets[sessions[i]]);
            Copy(from, taken, taken.Offsets[i], length);
            taken.Offsets[i + 1] = taken.Offsets[i] + length;
        }

        return taken;
    }

    /// <summary>The events of a single session from a place on.</summary>
    public SessionBatch From(int place)
    {
        var rest = new SessionBatch(1, TokenCount - place);
        rest.Offsets[1] = rest.TokenCount;
        Copy(place, rest, 0, rest.TokenCount);
        return rest;
    }

    private void Copy(int from, SessionBatch to, int at, int length)
    {
        Array.Copy(Kinds, from, to.Kinds, at, length);
        Array.Copy(Products, from, to.Products, at, length);
        Array.Copy(Categories, from, to.Categories, at, length);
        Array.Copy(Brands, from, to.Brands, at, length);
        Array.Copy(Outcomes, from, to.Outcomes, at, length);
        Array.Copy(Next, from, to.Next, at, length);
        Array.Copy(HasCart, from, to.HasCart, at, length);
        int width = SessionReader.Names.Length;
        Array.Copy(Numbers, from * width, to.Numbers, at * width, length * width);
    }

    private void Fill(int place, Session session, ShopperPast past, Func<int, ProductReading> reading, bool hasTimes)
    {
        var reader = new SessionReader(past, session.Shopper is not null, reading, hasTimes);
        int width = SessionReader.Names.Length;
        int at = Offsets[place];
        int outcome = (int)session.Outcome;
        Span<float> skipped = stackalloc float[width];
        for (int i = 0; i < session.Events.Length; i++)
        {
            SessionEvent step = session.Events[i];
            bool isRead = session.Events.Length - i <= MostEvents;
            ProductReading product = reader.Read(step, isRead ? Numbers.AsSpan(at * width, width) : skipped);
            if (isRead)
            {
                (Kinds[at], Products[at], Categories[at], Brands[at]) = ((int)step.Kind, product.Product, product.Category, product.Brand);
                HasCart[at] = reader.HasCart;
                Outcomes[at] = reader.HasPurchase ? NoTarget : outcome;
                Next[at] = SessionAction.After(session, i);
                at++;
            }
        }

        Offsets[place + 1] = at;
    }
}
