namespace PocSync.Review;

/// <summary>Something that the program has to say of itself on <c>/about</c>, such as the engine that begins its jobs.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Text">What is to be said now.</param>
public sealed record AboutLine(string Name, Func<string> Text);
