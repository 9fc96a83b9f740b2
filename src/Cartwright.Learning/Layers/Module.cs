using Cartwright.Learning.Compression;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Layers;

/// <summary>Something with weights: a layer, or a model made of layers.</summary>
/// <remarks>It lists its parts by name, and that list is all the base class needs: names in files, training mode, weights for the optimizer.</remarks>
public abstract class Module
{
    private bool _isTraining;

    /// <summary>Weights and layers by the name they have in files. The order is the order of <see cref="Parameters"/>.</summary>
    protected internal abstract IEnumerable<Part> Parts { get; }

    /// <summary>True while learning: dropout drops. False, as at first, while answering.</summary>
    public bool IsTraining
    {
        get => _isTraining;
        set
        {
            _isTraining = value;
            foreach (Part part in Parts)
            {
                if (part.Module is { } module)
                {
                    module.IsTraining = value;
                }
            }
        }
    }

    /// <summary>All that is learned with its full name, as "blocks.0.attention.query.weight". A weight that several layers share is there
    /// once, under its first name.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Parameters() =>
        Saved(withCompressed: false).Where(part => part.Value.IsLearned).DistinctBy(part => part.Value);

    /// <summary>All that is saved, with its full name: what is learned, buffers such as running means, and weights that were compressed. A weight
    /// that several layers share is there under each of its names.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State() => Saved(withCompressed: true);

    private IEnumerable<KeyValuePair<string, Tensor>> Saved(bool withCompressed)
    {
        foreach (KeyValuePair<string, Tensor> kept in withCompressed && Compressed is { } compressed ? compressed.State() : [])
        {
            yield return kept;
        }

        foreach (Part part in Parts)
        {
            if (part.Weight is { } weight)
            {
                yield return new(part.Name, weight);
            }

            foreach (KeyValuePair<string, Tensor> inner in part.Module?.Saved(withCompressed) ?? [])
            {
                yield return new($"{part.Name}.{inner.Key}", inner.Value);
            }
        }
    }

    /// <summary>Takes all gradients away, as after a loss that only passed through on its way to other weights.</summary>
    public void ClearGradients()
    {
        foreach ((_, Tensor weight) in Parameters())
        {
            weight.Storage.ClearGradient();
        }
    }

    /// <summary>This module, named "", and all inside it with their full names, outer ones first.</summary>
    public IEnumerable<KeyValuePair<string, Module>> Modules()
    {
        yield return new("", this);
        foreach (Part part in Parts)
        {
            foreach ((string name, Module module) in part.Module?.Modules() ?? [])
            {
                yield return new(name.Length == 0 ? part.Name : $"{part.Name}.{name}", module);
            }
        }
    }

    /// <summary>Numbers that are learned.</summary>
    public long ParameterCount => Parameters().Sum(p => (long)p.Value.Length);

    /// <summary>Weights in fewer bits in place of "weight", which then is no more; null where the layer has none such.</summary>
    internal virtual ICompressedWeights? Compressed
    {
        get => null;
        set => throw new NotSupportedException($"{GetType().Name} keeps its weights in full.");
    }

    /// <summary>Weights of this layer that a file keeps in fewer bits; null where it does not. The layer stays as it is.</summary>
    /// <param name="stored">What the file keeps of the layer, by name; null for what it does not.</param>
    /// <exception cref="ShapeException">They do not belong to this layer.</exception>
    internal virtual ICompressedWeights? ReadCompressed(Func<string, Tensor?> stored) => null;

    /// <summary>Copies weights and buffers in, by name; all of them, or none where one is refused.</summary>
    /// <remarks>
    /// A layer whose weights were saved in fewer bits has them in fewer bits again, and answers only. PyTorch counts in a batch normalization's
    /// <c>num_batches_tracked</c> the batches it has seen. Nothing here depends on it, so it is passed over.
    /// </remarks>
    /// <exception cref="ShapeException">A weight is missing, has another shape, or is not one of this module.</exception>
    public void Load(IReadOnlyDictionary<string, Tensor> weights)
    {
        Dictionary<string, Tensor> copied = new(StringComparer.Ordinal);
        List<(Module Layer, ICompressedWeights Weights)> compressed = [];
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach ((string path, Module module) in Modules())
        {
            string prefix = path.Length == 0 ? "" : path + ".";
            ICompressedWeights? fewer = ReadCompressed(module, prefix, weights, known);
            if (fewer is not null)
            {
                compressed.Add((module, fewer));
            }
            else if (module.Compressed is not null)
            {
                throw new ShapeException($"The weights of '{path}' were compressed here, and are in full or missing in what is loaded. Load into a model that is made anew.");
            }

            foreach (Part part in module.Parts)
            {
                if (part.Weight is { } weight && !(fewer is not null && part.Name == "weight"))
                {
                    copied[prefix + part.Name] = weight;
                }
            }
        }

        foreach ((string name, Tensor weight) in copied)
        {
            if (!weights.TryGetValue(name, out Tensor? stored) || !stored.Shape.SequenceEqual(weight.Shape))
            {
                throw new ShapeException($"Weight '{name}' should be {weight}; found {stored?.ToString() ?? "nothing"}.");
            }
        }

        known.UnionWith(copied.Keys);
        string[] unknown = [.. weights.Keys.Where(name => !known.Contains(name) && !IsBatchCount(name))];
        if (unknown.Length > 0)
        {
            throw new ShapeException($"Weight '{unknown[0]}' is not one of this model; it has {known.Count}.");
        }

        foreach ((string name, Tensor weight) in copied)
        {
            weights[name].Values.CopyTo(weight.Output);
        }

        foreach ((Module layer, ICompressedWeights fewer) in compressed)
        {
            layer.Compressed = fewer;
        }
    }

    /// <param name="known">Is given the names of what was read.</param>
    private static ICompressedWeights? ReadCompressed(Module layer, string prefix, IReadOnlyDictionary<string, Tensor> weights, HashSet<string> known)
    {
        try
        {
            return layer.ReadCompressed(name =>
            {
                if (weights.TryGetValue(prefix + name, out Tensor? stored))
                {
                    known.Add(prefix + name);
                }

                return stored;
            });
        }
        catch (ShapeException e)
        {
            throw new ShapeException($"Layer '{prefix.TrimEnd('.')}': {e.Message}", e);
        }
    }

    private bool IsBatchCount(string name) =>
        name.EndsWith("num_batches_tracked", StringComparison.Ordinal)
        && Modules().Any(inner => inner.Value is BatchNorm && name == (inner.Key.Length == 0 ? "" : $"{inner.Key}.") + "num_batches_tracked");
}

/// <summary>A weight, a buffer or a layer inside a module.</summary>
public readonly record struct Part
{
    public Part(string name, Tensor weight) => (Name, Weight) = (name, weight);

    public Part(string name, Module module) => (Name, Module) = (name, module);

    public string Name { get; }

    /// <summary>A weight, or a buffer where it takes no gradient.</summary>
    public Tensor? Weight { get; }

    public Module? Module { get; }

    /// <summary>Numbers that are saved and loaded like a weight, and not learned.</summary>
    /// <exception cref="ArgumentException">The tensor takes a gradient.</exception>
    public static Part Buffer(string name, Tensor buffer) => buffer.RequiresGradient
        ? throw new ArgumentException($"'{name}' takes a gradient: make it with Tensor.Buffer.", nameof(buffer))
        : new Part(name, buffer);

    /// <summary>Those that are there.</summary>
    public static IEnumerable<Part> Present(params Part?[] parts) => parts.Where(part => part is not null).Select(part => part!.Value);

    /// <summary>Layers of one kind: "blocks.0", "blocks.1", …</summary>
    public static IEnumerable<Part> List(string name, IEnumerable<Module> modules) =>
        modules.Select((module, i) => new Part($"{name}.{i}", module));
}
