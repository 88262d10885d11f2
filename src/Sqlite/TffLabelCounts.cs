using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using FedPure.Data;

namespace FedPure.Sqlite;

/// <summary>How often each label occurs in each split of a file: one pass over its examples, kept in the cache folder.</summary>
internal static class TffLabelCounts
{
    /// <summary>The counts [split][label].</summary>
    public static ImmutableArray<ImmutableArray<long>> LoadOrCount(TffDatabase database, TffFormat format, CacheFolder folder)
    {
        string feature = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(format.LabelName)))[..16];
        var counts = Sidecar.LoadOrMake(
            folder, database.Path, $".labels1-{feature}", reader => Load(reader, database.Splits.Length), () => Count(database, format), Save);

        // Kept counts know nothing of a number of classes; the pass finds the row that is beyond it.
        return [.. counts.Any(split => split.Length > format.ClassLimit) ? Count(database, format) : counts];
    }

    private static ImmutableArray<long>[] Count(TffDatabase database, TffFormat format)
    {
        LabelCounts[] counts = [.. database.Splits.Select(_ => new LabelCounts())];
        database.ReadAll(
            withExamples: true,
            (rowId, client, example) => counts[client.Split].Add(
                format.ReadLabel(database.Path, $"row {rowId} of examples, of the client '{client.Id}',", example)));
        return [.. counts.Select(split => split.ToImmutable())];
    }

    private static ImmutableArray<long>[] Load(BinaryReader reader, int splitCount)
    {
        var counts = new ImmutableArray<long>[splitCount];
        for (int split = 0; split < splitCount; split++)
        {
            var labels = ImmutableArray.CreateBuilder<long>();
            for (int left = reader.Read7BitEncodedInt(); left > 0; left--) labels.Add(reader.Read7BitEncodedInt64());
            counts[split] = labels.ToImmutable();
        }

        return counts;
    }

    private static void Save(BinaryWriter writer, ImmutableArray<long>[] counts)
    {
        foreach (var split in counts)
        {
            writer.Write7BitEncodedInt(split.Length);
            foreach (long count in split) writer.Write7BitEncodedInt64(count);
        }
    }
}
