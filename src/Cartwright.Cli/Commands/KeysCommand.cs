using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using Cartwright.Cli.Output;
using Cartwright.Cli.Requests;
using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Access;
using Cartwright.Server.Verbs;
using Cartwright.Storage;

namespace Cartwright.Cli.Commands;

/// <summary><c>cartwright keys</c>: who may use the HTTP API and the dashboard.</summary>
internal static class KeysCommand
{
    public static CliCommand Build(Func<ParseResult, Invocation> invocation)
    {
        var command = new CliCommand("keys", "Who may use the HTTP API and the dashboard.");
        command.Subcommands.Add(Verb<NewKeyRequest>("create", invocation, CreateAsync));
        command.Subcommands.Add(Verb<ListKeysRequest>("list", invocation, ListAsync));
        command.Subcommands.Add(Verb<RevokeKeyRequest>("revoke", invocation, RevokeAsync));
        return command;
    }

    private static CliCommand Verb<TRequest>(string name, Func<ParseResult, Invocation> invocation,
        Func<TRequest, KeyRing, Invocation, CancellationToken, Task> doAsync)
    {
        var command = new CliCommand(name, VerbDocumentation.Summary(typeof(TRequest))) { Example = VerbDocumentation.Example(typeof(TRequest)) };
        var form = new RequestForm(command, typeof(TRequest));
        command.Form = form;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Invocation at = invocation(parsed);
            object request = form.Read(parsed);
            form.Validate(request, at.Clock);
            await using Shop shop = await at.OpenShopAsync(cancellationToken);
            using var keys = new KeyRing(shop.Store, at.Clock);
            await doAsync((TRequest)request, keys, at, cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task CreateAsync(NewKeyRequest request, KeyRing keys, Invocation at, CancellationToken cancellationToken)
    {
        NewKey made = await keys.CreateAsync(request.Name, request.Roles.Aggregate(ApiRoles.None, (all, role) => all | role), cancellationToken);
        if (at.IsJson)
        {
            KeyView view = KeyView.Of(made.Key);
            at.Terminal.Json(new NewKeyView(view.Id, view.Name, view.Roles, view.CreatedAt, made.Secret));
            return;
        }

        at.Terminal.Heading($"Key '{made.Key.Name}' ({Roles(made.Key)}):");
        at.Terminal.Line(made.Secret);
        at.Terminal.Line("It is shown this once and kept only as a hash. Send it as 'Authorization: Bearer <key>'.");
    }

    private static async Task ListAsync(ListKeysRequest request, KeyRing keys, Invocation at, CancellationToken cancellationToken)
    {
        IReadOnlyList<ApiKey> all = await keys.ListAsync(cancellationToken);
        if (at.IsJson)
        {
            at.Terminal.Json(new { Results = all.Select(KeyView.Of).ToArray() });
            return;
        }

        if (all.Count == 0)
        {
            at.Terminal.Line("There are no keys yet. 'cartwright serve' makes the first one, 'cartwright keys create' makes more.");
            return;
        }

        var table = new TextTable("Id", "Name", "May", "Made");
        foreach (ApiKey key in all)
        {
            table.Row(key.Id, key.Name, Roles(key), Wording.Moment(key.CreatedAt));
        }

        at.Terminal.Write(table);
    }

    private static async Task RevokeAsync(RevokeKeyRequest request, KeyRing keys, Invocation at, CancellationToken cancellationToken)
    {
        if (!await keys.RevokeAsync(request.Id, cancellationToken))
        {
            throw new NotFoundException($"There is no key '{request.Id}'. 'cartwright keys list' shows them.");
        }

        if (at.IsJson)
        {
            at.Terminal.Json(new { Revoked = request.Id });
        }
        else
        {
            at.Terminal.Line($"Key {request.Id} is revoked; it opens nothing any more.");
        }
    }

    private static string Roles(ApiKey key) => string.Join(", ", KeyView.Of(key).Roles.Select(role => role.ToString().ToLowerInvariant()));
}

/// <summary>Lists the keys, without their secrets.</summary>
/// <example>cartwright keys list</example>
internal sealed record ListKeysRequest;

/// <summary>Makes a key worthless, at once and for good.</summary>
/// <example>cartwright keys revoke 3f2a9c</example>
internal sealed record RevokeKeyRequest
{
    /// <summary>The key's id, as 'cartwright keys list' shows it.</summary>
    [Required]
    public required string Id { get; init; }
}
