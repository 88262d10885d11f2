namespace FedPure.Learning.Processes;

/// <summary>What a client's update weighs in the mean.</summary>
public enum ClientWeighting
{
    /// <summary>The number of examples it trained on in the round, epochs included.</summary>
    NumExamples,

    /// <summary>1, and 0 for a client whose update is not finite.</summary>
    Uniform,
}
