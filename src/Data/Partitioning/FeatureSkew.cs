using System.Collections.Frozen;
using FedPure.Data.Random;

namespace FedPure.Data.Partitioning;

/// <summary>
/// Clients whose labels are alike and whose features differ. A client's features are made when it is asked for, and made again the next time: no copy is kept.
/// </summary>
public static class FeatureSkew
{
    /// <summary>
    /// Adds normal noise, more for each client (Li et al., Federated learning on non-IID data silos, 2022): client i of n, counted from 1, gets the deviation
    /// sigma·i/n. An example's noise is its own, the same each time it is read.
    /// </summary>
    /// <param name="data">The clients; the order of their ids counts.</param>
    /// <param name="sigma">Deviation of the last client, in the unit of the features; not negative.</param>
    /// <param name="seed">Any number.</param>
    /// <exception cref="ArgumentOutOfRangeException">sigma is negative or not finite.</exception>
    public static IFederatedDataset WithNoise(this IFederatedDataset data, double sigma, long seed)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(sigma >= 0) || double.IsPositiveInfinity(sigma))
            throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "A deviation must be finite and not negative.");
        var key = RandomKey.FromSeed(seed).Fold("skew/noise");
        var numbers = Numbers(data);
        return data.MapClients(client =>
        {
            int number = numbers[client.ClientId];
            double deviation = sigma * (number + 1) / numbers.Count;
            return Changed(client, (example, features) =>
            {
                var stream = key.Fold((ulong)number).Fold((ulong)example).Stream();
                foreach (ref float feature in features) feature += (float)(deviation * stream.NextNormal());
            });
        });
    }

    /// <summary>
    /// Turns images counter-clockwise by the client's angle (Ghosh et al., An efficient framework for clustered federated learning, 2020: rotated MNIST):
    /// client i of n, counted from 0, by degrees[i mod length]. Bilinear, about the middle; beyond the edge its nearest pixel goes on. Multiples of 90° of
    /// square images are exact.
    /// </summary>
    /// <param name="data">The clients; their examples have the shape height×width.</param>
    /// <param name="degrees">The angles; at least one.</param>
    /// <exception cref="ArgumentException">There is no angle, or one is not finite.</exception>
    public static IFederatedDataset Rotated(this IFederatedDataset data, params ReadOnlySpan<double> degrees)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (degrees.IsEmpty) throw new ArgumentException("At least one angle is needed.", nameof(degrees));
        (double Sin, double Cos)[] turns = new (double, double)[degrees.Length];
        for (int i = 0; i < turns.Length; i++) turns[i] = PortableMath.SinCosDegrees(degrees[i]);
        var numbers = Numbers(data);
        return data.MapClients(client =>
        {
            client = client.InMemory();
            if (client.Examples.Shape is not [int height, int width])
                throw new InvalidOperationException(
                    $"Only images of height×width can be rotated, but those of client '{client.ClientId}' are {string.Join('×', client.Examples.Shape)}.");
            var (sin, cos) = turns[numbers[client.ClientId] % turns.Length];
            var image = new float[height * width];
            return Changed(client, (_, features) =>
            {
                features.CopyTo(image);
                Rotate(image, features, height, width, sin, cos);
            });
        });
    }

    private delegate void Change(int example, Span<float> features);

    private static FrozenDictionary<string, int> Numbers(IFederatedDataset data) =>
        data.ClientIds.Select(KeyValuePair.Create).ToFrozenDictionary(StringComparer.Ordinal);

    private static ClientDataset Changed(ClientDataset client, Change change)
    {
        client = client.InMemory();
        int width = client.FeatureCount;
        var features = new float[client.Count * width];
        for (int i = 0; i < client.Count; i++)
        {
            var mine = features.AsSpan(i * width, width);
            client.Features(i).CopyTo(mine);
            change(i, mine);
        }

        return new ClientDataset(
            client.ClientId, client.Examples.WithFeatures(features, client.Rows), new RowSet(0, client.Count))
        { Pipeline = client.Pipeline };
    }

    // Each pixel takes the value of the place that the rotation brings to it; y points down.
    private static void Rotate(ReadOnlySpan<float> source, Span<float> target, int height, int width, double sin, double cos)
    {
        double middleX = (width - 1) / 2.0, middleY = (height - 1) / 2.0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double dx = x - middleX, dy = y - middleY;
                target[y * width + x] = Bilinear(source, height, width, middleX + dx * cos - dy * sin, middleY + dx * sin + dy * cos);
            }
        }
    }

    private static float Bilinear(ReadOnlySpan<float> image, int height, int width, double x, double y)
    {
        x = Math.Clamp(x, 0, width - 1);
        y = Math.Clamp(y, 0, height - 1);
        int left = (int)x, top = (int)y, right = Math.Min(left + 1, width - 1), bottom = Math.Min(top + 1, height - 1);
        double fx = x - left, fy = y - top;
        double upper = image[top * width + left] * (1 - fx) + image[top * width + right] * fx;
        double lower = image[bottom * width + left] * (1 - fx) + image[bottom * width + right] * fx;
        return (float)(upper * (1 - fy) + lower * fy);
    }
}
