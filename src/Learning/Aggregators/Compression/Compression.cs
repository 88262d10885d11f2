using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using FedPure.Data.Random;
using FedPure.Learning.Metrics;
using FedPure.Learning.Models;
using FedPure.Tensors;

namespace FedPure.Learning.Aggregators;

/// <summary>
/// Sends updates as a <see cref="Compressor"/>'s payloads: the inner rule gets what they stand for. With error feedback a client adds to its update what it has
/// not sent so far, and remembers what it does not send now, so that over rounds all is sent: Σ sent = Σ update - memory (Stich et al. 2018; Karimireddy et al.
/// 2019). Only a round whose aggregate is used changes the memory, and only of its clients with a weight above 0. Measures bytes_up, of the payloads, and
/// bytes_down, 4 a trainable parameter and client. An update that is not finite is passed on as it is, and counts as many bytes.
/// </summary>
/// <param name="compressor">How an update is put into bytes.</param>
/// <param name="inner">The rule that gets what they stand for.</param>
/// <param name="errorFeedback">
/// Whether clients remember. A client's updates of one round are then sendings one after the other, each with what is left of those before; a round where two
/// are the same sending, as where a cohort has a client twice, has a problem.
/// </param>
/// <param name="seed">Of what payloads draw at random.</param>
public sealed class Compression(Compressor compressor, IAggregator inner, bool errorFeedback = false, long seed = 0) : IAggregator
{
    private readonly Compressor _compressor = compressor ?? throw new ArgumentNullException(nameof(compressor));
    private readonly IAggregator _inner = inner ?? throw new ArgumentNullException(nameof(inner));

    /// <inheritdoc/>
    public int LeastUpdates => _inner.LeastUpdates;

    /// <inheritdoc/>
    public AggregatorState Initialize(ParameterLayout layout) =>
        new CompressionState(
            RandomKey.FromSeed(seed).Fold("compression"), 0, ImmutableDictionary<string, ImmutableArray<float>>.Empty, _inner.Initialize(layout));

    /// <inheritdoc/>
    public IAggregation CreateAggregation(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new Aggregation(_compressor, _inner.CreateAggregation(layout), errorFeedback, layout.TrainableLength);
    }

    private sealed class Aggregation(Compressor compressor, IAggregation inner, bool errorFeedback, int length) : IAggregation
    {
        private readonly float[] _corrected = new float[length], _decoded = new float[length];
        private readonly byte[] _payload = new byte[compressor.PayloadLength(length)];
        private readonly Dictionary<string, float[]> _memory = [];
        private CompressionState? _state;
        private string? _twice;
        private int _clients;

        public void Begin(AggregatorState state)
        {
            _state = (CompressionState)state;
            inner.Begin(_state.Inner);
            _memory.Clear();
            (_twice, _clients) = (null, 0);
        }

        public void Add(string clientId, ReadOnlySpan<float> update, double weight, int sending)
        {
            if (_state is null) throw new InvalidOperationException("A client is added to a round that Begin has started.");
            _clients++;
            update.CopyTo(_corrected);
            if (sending > 0 && _memory.TryGetValue(clientId, out float[]? left)) TensorPrimitives.Add(_corrected, left, _corrected);
            else if (_state.Memory.TryGetValue(clientId, out var memory)) TensorPrimitives.Add(_corrected, memory.AsSpan(), _corrected);
            if (Vectors.AllFinite(_corrected))
            {
                var key = _state.Key.Fold((ulong)_state.Round).Fold(clientId);
                compressor.Encode(_corrected, sending == 0 ? key : key.Fold((ulong)sending), _payload);
                compressor.Decode(_payload, _decoded);
                update = _decoded;

                // What is remembered is added to every later update: an infinity would stay for good. What weighs nothing is not sent.
                if (errorFeedback && weight > 0 && Vectors.AllFinite(_decoded)) Remember(clientId, Unsent(), sending);
            }

            inner.Add(clientId, update, weight, sending);
        }

        public void Merge(IAggregation other)
        {
            var that = (Aggregation)other;
            inner.Merge(that.Inner);
            _clients += that._clients;
            foreach (var (clientId, memory) in that._memory) Remember(clientId, memory, sending: 0);
            if (that._twice is not null) Twice(that._twice);
        }

        public AggregationResult Complete(Span<float> aggregate)
        {
            if (_state is null) throw new InvalidOperationException("Complete ends a round that Begin has started.");
            var result = inner.Complete(aggregate);
            string? problem = result.Problem
                ?? (_twice is null ? null : $"client '{_twice}' is in it twice, and what it remembers by error feedback can be sent once only");
            var measurements = new MetricTree(
                ("compression", result.Measurements),
                ("bytes_up", new MetricValue(MetricType.Int64, (double)_clients * _payload.Length)),
                ("bytes_down", new MetricValue(MetricType.Int64, (double)_clients * length * sizeof(float))));
            var unused = _state with { Round = _state.Round + 1, Inner = result.StateIfUnused };
            return new AggregationResult(
                problem is not null ? unused : unused with { Memory = Settled(), Inner = result.State }, measurements, problem)
            { StateIfUnused = unused };
        }

        private IAggregation Inner => inner;

        private float[] Unsent()
        {
            var memory = new float[length];
            TensorPrimitives.Subtract(_corrected, _decoded, memory);
            return memory;
        }

        private void Remember(string clientId, float[] memory, int sending)
        {
            if (sending > 0) _memory[clientId] = memory;
            else if (!_memory.TryAdd(clientId, memory)) Twice(clientId);
        }

        private ImmutableDictionary<string, ImmutableArray<float>> Settled() =>
            _state!.Memory.SetItems(_memory.Select(client => KeyValuePair.Create(client.Key, ImmutableCollectionsMarshal.AsImmutableArray(client.Value))));

        // The first by its id, so that the message does not depend on the order either.
        private void Twice(string clientId)
        {
            if (_twice is null || string.CompareOrdinal(clientId, _twice) < 0) _twice = clientId;
        }
    }
}
