using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Resources;
using Cartwright.Storage;

namespace Cartwright.Server.Verbs;

/// <summary>One verb of one slice, bound to its request record. HTTP and the command line are made from these.</summary>
public abstract record Verb(string Slice, string Name, ApiRoles Role, bool IsLong, bool HasHttpDoor)
{
    public abstract Type RequestType { get; }

    public abstract Type ResponseType { get; }

    /// <summary>Address over HTTP: "/v1/recommendation/train".</summary>
    public string Path => $"/v1/{Slice}/{Name}";

    /// <summary>Whether files come or go with it over HTTP, where no path is taken.</summary>
    public VerbFiles Files { get; init; }

    /// <summary>Longest body over HTTP where it may be longer than those of other verbs: a picture.</summary>
    public long? MostBodyBytes { get; init; }

    /// <summary>True where <c>mpirun -np N</c> may start it: N processes do the work of one.</summary>
    public bool IsShared { get; init; }

    /// <summary>True where a verb without an HTTP door works on the shop, not on data of its own.</summary>
    public bool NeedsShop { get; init; }

    /// <summary>False where a long verb leaves no run in the store: its request says what must not be kept.</summary>
    public bool IsRecorded { get; init; } = true;

    /// <summary>Checks a request by the rules of its record before it waits for its turn.</summary>
    /// <exception cref="InvalidRequestException">It breaks one.</exception>
    public abstract void Validate(object request, TimeProvider clock);

    /// <summary>Looks in the shop whether a request that is to wait for its turn asks for something that is there.</summary>
    /// <exception cref="NotFoundException">It is not.</exception>
    public abstract Task CheckAsync(Shop shop, object request, CancellationToken cancellationToken);

    /// <summary>Does what the request asks.</summary>
    public abstract Task<object> InvokeAsync(Shop shop, object request, IProgress<RunProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Opens the verb's HTTP door.</summary>
    internal abstract IEndpointConventionBuilder Map(IEndpointRouteBuilder app);
}

/// <inheritdoc cref="Verb"/>
public sealed record Verb<TRequest, TResponse>(string Slice, string Name, ApiRoles Role, bool IsLong, bool HasHttpDoor,
    Func<Shop, TRequest, IProgress<RunProgress>?, CancellationToken, Task<TResponse>> Do)
    : Verb(Slice, Name, Role, IsLong, HasHttpDoor)
    where TRequest : class
    where TResponse : class
{
    public override Type RequestType => typeof(TRequest);

    public override Type ResponseType => typeof(TResponse);

    /// <summary>Makes the request safe to repeat, given the caller's idempotency key.</summary>
    public Func<TRequest, string, TRequest>? WithIdempotencyKey { get; init; }

    /// <summary>What <see cref="CheckAsync"/> does; nothing where it is null.</summary>
    public Func<Shop, TRequest, CancellationToken, Task>? Check { get; init; }

    public override void Validate(object request, TimeProvider clock) => RequestValidation.Validate((TRequest)request, clock);

    public override Task CheckAsync(Shop shop, object request, CancellationToken cancellationToken) => Check?.Invoke(shop, (TRequest)request, cancellationToken) ?? Task.CompletedTask;

    public override async Task<object> InvokeAsync(Shop shop, object request, IProgress<RunProgress>? progress,
        CancellationToken cancellationToken) => await Do(shop, (TRequest)request, progress, cancellationToken);

    internal override IEndpointConventionBuilder Map(IEndpointRouteBuilder app) => Files switch
    {
        VerbFiles.Upload => ShopFolderEndpoints.MapImport(app, this),
        VerbFiles.Download => ShopFolderEndpoints.MapExport(app, this),
        _ => VerbEndpoint.Map(app, this),
    };
}

/// <summary>What takes the place of a path over HTTP.</summary>
public enum VerbFiles
{
    None,

    /// <summary>The caller uploads a zipped shop folder.</summary>
    Upload,

    /// <summary>The run's files are downloaded as a zip when it has ended.</summary>
    Download,
}
