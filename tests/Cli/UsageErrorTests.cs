using FedPure.Cli.Support;

namespace FedPure.Cli;

/// <summary>Exit code 2: the command line itself is wrong. Each line: what is typed | words of the sentence.</summary>
public sealed class UsageErrorTests
{
    [Theory]
    [InlineData("trian | train, evaluate, explore, compare, data or info | did you mean train?")]
    [InlineData("data foo | fedpure data takes info, convert, check or partition")]
    [InlineData("--rounds 3 | command before --rounds")]
    [InlineData("train foo | 'foo'")]
    [InlineData("train --round 3 | no option --round | did you mean --rounds? | --clients")]
    [InlineData("train --bogus | no option --bogus | --clients")]
    [InlineData("info --data digits | no option --data | --json")]
    [InlineData("train --rounds | --rounds needs a value")]
    [InlineData("train --rounds --epochs 3 | --rounds needs a value")]
    [InlineData("train --rounds 1 --rounds 2 | --rounds is given 2 times")]
    [InlineData("evaluate | needs --weights FILE")]
    public void Commands_and_options_that_do_not_exist(string line) => AssertUsageError(line);

    [Theory]
    [InlineData("train --rounds 0 | --rounds takes a whole number from 1")]
    [InlineData("train --rounds -1 | '-1'")]
    [InlineData("train --rounds ten | 'ten'")]
    [InlineData("train --rounds 1,000 | '1,000'")]
    [InlineData("train --rounds 99999999999 | 2147483647")]
    [InlineData("train --epochs 0 | --epochs")]
    [InlineData("train --batch 0 | --batch")]
    [InlineData("train --threads 0 | --threads")]
    [InlineData("train --classes 0 | --classes")]
    [InlineData("train --evaluate-every 0 | --evaluate-every")]
    [InlineData("train --shuffle-buffer -1 | --shuffle-buffer takes a whole number from 0")]
    [InlineData("train --shuffle-seed x | --shuffle-seed takes a whole number")]
    [InlineData("train --seed 1.5 | --seed takes a whole number")]
    [InlineData("train --clients first:0 | --clients first")]
    [InlineData("train --clients first:101 | first:101 | 100")]
    [InlineData("train --clients poisson:1.5 | --clients poisson | from 0 to 1")]
    [InlineData("train --clients cyclic:101 | cyclic:101 | 100")]
    [InlineData("train --clients gap:20,6 | 120 clients, but there are 100")]
    [InlineData("train --clients gap:20 | gap:N,ROUNDS")]
    [InlineData("train --clients diurnal:20,0 | --clients diurnal")]
    [InlineData("train --clients sample:101 | sample:101 | 100")]
    [InlineData("train --clients sample:10 --seed -1 | --seed from 0 to 4294967295")]
    [InlineData("train --model mlp:0 | --model mlp")]
    [InlineData("train --model mlp:2000000000 | parameters")]
    [InlineData("train --client-optimizer sgd:lr=-0.1 | learning rate")]
    [InlineData("train --client-optimizer sgd:lr=NaN | learning rate")]
    [InlineData("train --client-optimizer sgd:lr=Infinity | learning rate")]
    [InlineData("train --client-optimizer sgd:lr=1e39 | learning rate")]
    [InlineData("train --server-optimizer sgd:lr=-1 | --server-optimizer | learning rate")]
    [InlineData("train --client-optimizer sgd:lr=0.1,momentum=1 | momentum")]
    [InlineData("train --client-optimizer sgd:lr=0.1,momentum=-1 | momentum")]
    [InlineData("train --client-optimizer adam:lr=0.1,beta_1=1 | beta_1 must be at least 0 and below 1")]
    [InlineData("train --server-optimizer yogi:lr=-1 | the learning rate lr must be finite and at least 0")]
    [InlineData("train --client-optimizer rmsprop:lr=1,decay=1.5 | decay must be")]
    [InlineData("train --client-optimizer adamw:lr=1,weight_decay=-1 | weight_decay must be")]
    [InlineData("train --client-optimizer adafactor:lr=1,clip_threshold=0 | clip_threshold must be finite and above 0")]
    [InlineData("train --client-schedule exponential:rate=0 | rate must be finite and above 0")]
    [InlineData("train --client-schedule inverse:rate=-0.1 | rate must be finite and at least 0")]
    [InlineData("train --client-schedule cosine:rounds=0 | takes a whole number from 1")]
    [InlineData("train --client-schedule step:every=1.5,rate=0.5 | takes a whole number from 1")]
    [InlineData("train --client-optimizer sgd:lr=0.1,nesterov=true | nesterov=true needs a momentum")]
    public void Values_out_of_range(string line) => AssertUsageError(line);

    [Theory]
    [InlineData("train --data mnist | npz:FILE, csv:FILE, synthetic[:...] or blobs[:...]")]
    [InlineData("train --data digit | did you mean digits?")]
    [InlineData("train --data idx | idx:DIR")]
    [InlineData("train --data digits:3 | takes nothing after it")]
    [InlineData("train --data synthetic:gamma=1 | alpha, beta, clients, features, classes, iid or seed")]
    [InlineData("train --data synthetic:alpha=-1 | --data synthetic:alpha | positive")]
    [InlineData("train --data synthetic: | synthetic[:...]")]
    [InlineData("train --data synthetic:classes=1 | at least 2 classes")]
    [InlineData("train --data synthetic:iid=yes | true or false")]
    [InlineData("train --data synthetic:clients=3,features=2000000000 | more than an array holds")]
    [InlineData("train --data blobs | --partition iid:100")]
    [InlineData("train --split dev | --split takes train or test")]
    [InlineData("train --partition iid | iid:N")]
    [InlineData("train --partition dirichlet:5 | dirichlet:N,ALPHA")]
    [InlineData("train --partition dirichlet:5,0 | --partition dirichlet takes a positive number")]
    [InlineData("train --partition shards:5,x | --partition shards takes a whole number")]
    [InlineData("train --partition drichlet:5,1 | did you mean dirichlet?")]
    [InlineData("data partition --lock file.json | --lock is for a partition")]
    [InlineData("train --partition iid:5 | has clients of its own")]
    [InlineData("train --clients 10 | all, first:N, ids:A,B, sample:N, weighted:N, poisson:RATE, cyclic:N, gap:N,ROUNDS, diurnal:N,ROUNDS or rounds:FILE")]
    [InlineData("train --clients ids:f0000_18,nobody | 'nobody' | nearest ids")]
    [InlineData("train --clients ids:f0000_18,f0000_18 | twice")]
    [InlineData("train --clients ids:f0000_18, | empty entry")]
    [InlineData("train --model cnn | softmax or mlp:N,N")]
    [InlineData("train --model softmax:3 | takes nothing after it")]
    [InlineData("train --model mlp:3,x | 'x'")]
    [InlineData("train --loss mse | logits")]
    [InlineData("train --algorithm fedx | fedavg")]
    [InlineData("train --algorithm scafold | did you mean scaffold?")]
    [InlineData("train --algorithm scaffold:2 | takes nothing after it")]
    [InlineData("train --algorithm scaffold --client-optimizer adam:lr=0.1 | --algorithm scaffold is made for clients of plain SGD | --client-optimizer sgd:lr=R")]
    [InlineData("train --algorithm qffl:q=1 --client-optimizer sgd:lr=0.1,momentum=0.9 | --algorithm qffl is made for clients of plain SGD")]
    [InlineData("train --algorithm fednova --client-optimizer sgd:lr=0.1,momentum=0.9,nesterov=true | --algorithm fednova is made for | momentum other than Nesterov's")]
    [InlineData("train --algorithm fednova:mu=1 --client-optimizer sgd:lr=0.1,momentum=0.9 | not both")]
    [InlineData("train --algorithm fednova:steps=epochs | norms or counts")]
    [InlineData("train --algorithm feddyn | feddyn:alpha=A")]
    [InlineData("train --algorithm feddyn:alpha=0 | alpha must be finite and above 0")]
    [InlineData("train --algorithm qffl:q=-1 | q must be finite and at least 0")]
    [InlineData("train --algorithm ditto:mu=1 | lambda")]
    [InlineData("train --server-optimizer fedadam:lr=0.1,tau=0 | tau must be finite and above 0")]
    [InlineData("train --server-optimizer fedadam | fedadam:lr=R,beta_1=0.9,beta_2=0.99,tau=1e-3")]
    [InlineData("train --client-optimizer fedadam:lr=0.1 | --client-optimizer takes sgd")]
    [InlineData("train --weighting size | examples or uniform")]
    [InlineData("train --client-optimizer sgd | sgd:lr=")]
    [InlineData("train --client-optimizer sgd:rate=1 | lr, momentum or nesterov")]
    [InlineData("train --client-optimizer sgd:lr | key=value")]
    [InlineData("train --client-optimizer sgd:lr=fast | 'fast'")]
    [InlineData("train --client-optimizer sgd:lr=1,lr=2 | lr is given twice")]
    [InlineData("train --client-optimizer sgd:lr=1,nesterov=yes | true or false")]
    [InlineData("train --client-optimizer adm:lr=0.1 | sgd, adam, adamw, adagrad, rmsprop, yogi or adafactor | did you mean adam?")]
    [InlineData("train --client-optimizer adam:beta_1=0.5 | lr is missing | adam:lr=R,beta_1=0.9,beta_2=0.999,epsilon=1e-7")]
    [InlineData("train --client-optimizer adam:lr=0.1,beta1=0.5 | did you mean beta_1?")]
    [InlineData("train --server-optimizer adafactor:lr=0.1,relative_step=1 | true or false")]
    [InlineData("train --client-schedule slow | constant, exponential, inverse, cosine, step, polynomial or warmup")]
    [InlineData("train --client-schedule constant:3 | takes nothing after it")]
    [InlineData("train --client-schedule cosine | cosine:rounds=N")]
    [InlineData("train --client-schedule step:every=5 | rate is missing")]
    [InlineData("train --aggregator sum | mean")]
    [InlineData("train --aggregator robust:norm=1 | takes nothing after it")]
    [InlineData("train --aggregator zeroing | zeroing:norm=N,order=inf")]
    [InlineData("train --aggregator zeroing:order=2 | norm is missing")]
    [InlineData("train --aggregator zeroing:norm=1,order=3 | 1, 2 or inf")]
    [InlineData("train --aggregator clipping:norm=0 | above 0")]
    [InlineData("train --aggregator clipping:norm=NaN | above 0")]
    [InlineData("train --aggregator clipping:norm=1,order=2 | --aggregator clipping takes norm")]
    [InlineData("train --aggregator medien | did you mean median?")]
    [InlineData("train --aggregator median: | comes after the colon is missing")]
    [InlineData("train --aggregator median:weighted=yes | true or false")]
    [InlineData("train --aggregator trimmed:beta=0.5 | beta must be at least 0 and below 0.5")]
    [InlineData("train --aggregator krum | krum:f=F")]
    [InlineData("train --aggregator krum:f=-1 | takes a whole number from 1")]
    [InlineData("train --aggregator multikrum:f=2 | m is missing | multikrum:f=F,m=M,weighted=false")]
    [InlineData("train --aggregator normbounded:norm=0 | above 0")]
    [InlineData("train --aggregator median+mean | median passes nothing on | stands last")]
    [InlineData("train --aggregator zeroing:norm=1+ | mean, ")]
    [InlineData("train --aggregator robust+krum:f=x | --aggregator krum f takes a whole number")]
    [InlineData("train --compress zip | none, qsgd, quantize, sign, topk or randomk")]
    [InlineData("train --compress qsgd | qsgd:bits=B,norm=l2")]
    [InlineData("train --compress qsgd:bits=1 | bits are from 2 to 24")]
    [InlineData("train --compress quantize:bits=24 | bits are from 1 to 23")]
    [InlineData("train --compress quantize:bits=8,rounding=up | nearest or random")]
    [InlineData("train --compress topk:fraction=0 | fraction must be above 0 and at most 1")]
    [InlineData("train --compress topk:fraction=1.1 | fraction must be above 0 and at most 1")]
    [InlineData("train --compress hadamard | hadamard+quantize:bits=2")]
    [InlineData("train --compress hadamard+none | hadamard+quantize:bits=2")]
    [InlineData("train --compress hadamard+ | --compress takes none")]
    [InlineData("train --evaluate-on dev | --evaluate-on takes train or test")]
    [InlineData("train --evaluate-on test,test | twice")]
    [InlineData("train --save-weights model.bin | .safetensors | .f32")]
    [InlineData("evaluate --weights model | .f32")]
    public void Values_that_do_not_exist(string line) => AssertUsageError(line);

    [Theory]
    [InlineData("train --checkpoint folder")]
    [InlineData("train --resume")]
    public void What_is_planned_says_so_and_what_there_is_instead(string line) => AssertUsageError(line + " | not in this version yet");

    [Theory]
    [InlineData("train")]
    [InlineData("evaluate --weights any.f32")]
    public void Data_without_clients_need_a_partition(string command)
    {
        using var folder = new TempFolder();
        folder.WriteIdx("train", 20);
        folder.WriteIdx("test", 20);
        App.Fail(2, ["has no clients", "--partition iid:100"], [.. command.Split(' '), "--data", $"idx:{folder.Path}"]);
    }

    [Fact]
    public void A_split_with_fewer_examples_than_clients_is_named()
    {
        using var folder = new TempFolder();
        folder.WriteIdx("train", 20);
        folder.WriteIdx("test", 4);
        App.Fail(2, ["iid:5", "'test'", "4 examples cannot be spread over 5 clients"], "train", "--data", $"idx:{folder.Path}", "--partition", "iid:5");
    }

    private static void AssertUsageError(string line)
    {
        var parts = line.Split(" | ");
        App.Fail(2, parts[1..], parts[0].Split(' '));
    }
}
