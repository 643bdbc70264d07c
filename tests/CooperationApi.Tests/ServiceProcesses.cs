namespace CooperationApi.Tests;

/// <summary>Tests that start processes, one after another: with the tests of the running service beside them, two cores are busy.</summary>
[CollectionDefinition(nameof(ServiceProcesses))]
public sealed class ServiceProcesses;
