namespace Cartwright.Benchmarks.Peers;

/// <summary>One piece of work that both sides do.</summary>
/// <param name="Group">What <c>--rows</c> picks it by.</param>
/// <param name="Name">The same here and in <c>torch_peers.py</c>.</param>
/// <param name="Goal">The ratio that is aimed at; null for none.</param>
/// <param name="Build">Makes our side, with its weights and data.</param>
internal sealed record PeerRow(string Group, string Name, double? Goal, Func<Action> Build);
