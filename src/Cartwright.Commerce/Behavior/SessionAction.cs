using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>What may come next in a session: the kinds of steps by their number, and leaving.</summary>
internal static class SessionAction
{
    /// <summary>Impression, view, click, search, cart, uncart and purchase are numbers 0 to 6.</summary>
    public const int Leave = 7;

    public const int Count = 8;

    /// <summary>What follows each event of a session.</summary>
    public static int After(Session session, int place) => place + 1 < session.Events.Length ? (int)session.Events[place + 1].Kind : Leave;

    /// <summary>"view", "cart", "leave".</summary>
    public static string Name(int action) => action == Leave ? "leave" : ((InteractionKind)action).ToString().ToLowerInvariant();
}
