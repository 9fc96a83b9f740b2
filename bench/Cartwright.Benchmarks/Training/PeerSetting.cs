using Cartwright.Commerce.Recommendation;

namespace Cartwright.Benchmarks.Training;

/// <summary>One training on both sides: the same network, loss, optimizer and batches, as far as both can.</summary>
/// <param name="Name">As it is asked for.</param>
/// <param name="Protocol">What is held out.</param>
/// <param name="Ours">Trains all epochs; the product count comes from the data.</param>
/// <param name="Theirs">Arguments of the peer's script.</param>
/// <param name="Cutoff">Length of the list that is measured.</param>
/// <param name="Example">What is counted per processor-second.</param>
internal sealed record PeerSetting(string Name, string Protocol, IRecommendationTrainer Ours, string[] Theirs, int Cutoff, string Example)
{
    private static readonly SasRecOptions SasRecNetwork = new()
    {
        ProductCount = 1,
        MaxLength = 50,
        HiddenSize = 50,
        HeadCount = 1,
        BlockCount = 2,
        InnerFactor = 1,
        Dropout = 0.5f,
        Loss = SasRecLoss.BinaryCrossEntropy,
    };

    private static readonly string[] SasRecArguments =
        ["--maxlen", "50", "--hidden", "50", "--heads", "1", "--blocks", "2", "--dropout", "0.5", "--norm-first"];

    public static IReadOnlyList<PeerSetting> All { get; } =
    [
        new("sasrec", "leave-one-out", SasRec(SasRecNetwork), SasRecArguments, 10, "sequences"),
        new("sasrec-softmax", "leave-one-out", SasRec(SasRecNetwork with { Loss = SasRecLoss.SampledSoftmax }), SasRecArguments, 10, "sequences"),

        // The authors' best parameters for Diginetica.
        new("gru4rec", "session-split", new Gru4RecTrainer
        {
            Network = new Gru4RecOptions
            {
                ProductCount = 1,
                HiddenSize = 512,
                InputDropout = 0.5f,
                StateDropout = 0.3f,
                Loss = Gru4RecLoss.BprMax,
                SampleCount = 2048,
                SampleExponent = 0.3f,
                ScorePull = 0.9f,
            },
            BatchSize = 128,
            LearningRate = 0.05f,
            Momentum = 0.15f,
        }, ["--params", "loss=bpr-max,layers=512,batch_size=128,dropout_p_embed=0.5,dropout_p_hidden=0.3,learning_rate=0.05,momentum=0.15,"
            + "n_sample=2048,sample_alpha=0.3,bpreg=0.9,logq=0.0,constrained_embedding=True,elu_param=1,embedding=0"], 20, "events"),

        new("gru4rec-small", "session-split", new Gru4RecTrainer
        {
            Network = new Gru4RecOptions
            {
                ProductCount = 1,
                HiddenSize = 100,
                InputDropout = 0,
                StateDropout = 0.2f,
                Loss = Gru4RecLoss.CrossEntropy,
                SampleCount = 512,
                SampleExponent = 0.5f,
            },
            BatchSize = 64,
            LearningRate = 0.1f,
            Momentum = 0.1f,
        }, ["--params", "loss=cross-entropy,layers=100,batch_size=64,dropout_p_embed=0.0,dropout_p_hidden=0.2,learning_rate=0.1,momentum=0.1,"
            + "n_sample=512,sample_alpha=0.5,bpreg=0.0,logq=1.0,constrained_embedding=True,elu_param=0,embedding=0"], 20, "events"),
    ];

    public bool IsSasRec => Ours is SasRecTrainer;

    private static SasRecTrainer SasRec(SasRecOptions network) => new() { Network = network, Beta2 = 0.98f, UsesContent = false, BatchSize = 128 };
}
