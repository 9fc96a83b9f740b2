using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats;

/// <summary>A model on disk: <c>model.safetensors</c>, <c>card.json</c> and <c>SHA256SUMS</c>, refused where one byte differs.</summary>
public static class ModelFolder
{
    private const string WeightsFile = "model.safetensors";
    private const string CardFile = "card.json";
    private const string SumsFile = "SHA256SUMS";

    /// <summary>Writes beside the folder and renames it, so that it is whole or not there.</summary>
    /// <exception cref="IOException">The folder exists already, or the disk refuses.</exception>
    public static void Save(string folder, IReadOnlyDictionary<string, Tensor> weights, ModelCard card)
        => Save(folder, card, temporary => Safetensors.Write(Path.Combine(temporary, WeightsFile), weights));

    /// <summary>The same for a model that writes its own files, <c>model.safetensors</c> among them; the sums cover all of them.</summary>
    /// <param name="write">Writes them into the folder whose path it gets.</param>
    /// <exception cref="IOException">The folder exists already, or the disk refuses.</exception>
    public static void Save(string folder, ModelCard card, Action<string> write)
    {
        string temporary = folder + ".tmp";
        if (Directory.Exists(temporary))
        {
            Directory.Delete(temporary, recursive: true);
        }

        Directory.CreateDirectory(temporary);
        write(temporary);
        File.WriteAllBytes(Path.Combine(temporary, CardFile), JsonSerializer.SerializeToUtf8Bytes(card, ModelCardJson.Default.ModelCard));
        File.WriteAllText(Path.Combine(temporary, SumsFile), Sums(temporary));
        Directory.Move(temporary, folder);
    }

    /// <exception cref="ModelFormatException">A file is missing, damaged, or not the one that was written.</exception>
    public static (IReadOnlyDictionary<string, Tensor> Weights, ModelCard Card) Load(string folder)
    {
        ModelCard card = LoadCard(folder);
        return (Safetensors.Read(Path.Combine(folder, WeightsFile)).Tensors, card);
    }

    /// <summary>The card alone, after all files were checked against their sums.</summary>
    /// <exception cref="ModelFormatException">A file is missing, damaged, or not the one that was written.</exception>
    public static ModelCard LoadCard(string folder)
    {
        foreach (string file in (string[])[WeightsFile, CardFile, SumsFile])
        {
            if (!File.Exists(Path.Combine(folder, file)))
            {
                throw new ModelFormatException(Path.Combine(folder, file), "The file is missing. Train again, or put back a copy.");
            }
        }

        if (File.ReadAllText(Path.Combine(folder, SumsFile)) != Sums(folder))
        {
            throw new ModelFormatException(folder, $"The files differ from {SumsFile}: at least one byte was changed. Train again, or put back a copy.");
        }

        string path = Path.Combine(folder, CardFile);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ModelCardJson.Default.ModelCard)
                ?? throw new ModelFormatException(path, "The card is empty.");
        }
        catch (JsonException e)
        {
            throw new ModelFormatException(path, $"The card can't be read: {e.Message}", e);
        }
    }

    /// <summary>As <c>sha256sum</c> prints it, so that anybody can check by hand.</summary>
    private static string Sums(string folder)
    {
        StringBuilder sums = new();
        IEnumerable<string> files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Where(file => file != SumsFile)
            .Order(StringComparer.Ordinal);
        foreach (string file in files)
        {
            using FileStream stream = File.OpenRead(Path.Combine(folder, file));
            sums.Append(Convert.ToHexStringLower(SHA256.HashData(stream))).Append("  ").Append(file).Append('\n');
        }

        return sums.ToString();
    }
}
