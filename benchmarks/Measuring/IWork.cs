namespace FedPure.Benchmarks.Measuring;

/// <summary>A benchmark's parameter that knows what one operation does; 0 for what it has none of. The columns divide it by the time.</summary>
public interface IWork
{
    /// <summary>Floating-point operations; a multiply-add is two.</summary>
    double Flop => 0;

    /// <summary>Bytes of operands that are read, each once: a copy or an axpy over x reads the 4 bytes of each x.</summary>
    double Bytes => 0;

    /// <summary>Elements of the input.</summary>
    double Elements => 0;
}
