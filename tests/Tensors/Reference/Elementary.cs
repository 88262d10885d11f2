namespace FedPure.Tensors;

internal static partial class Reference
{
    /// <summary>e^x, within an ulp of a double, which is 2^-29 ulp of a float32.</summary>
    public static double Exp(double x) => Math.Exp(x);

    /// <summary>ln x, within an ulp of a double.</summary>
    public static double Log(double x) => Math.Log(x);
}
