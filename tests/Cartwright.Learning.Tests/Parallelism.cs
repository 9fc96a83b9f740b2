// Some tests watch memory or set the number of threads, which belong to the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
