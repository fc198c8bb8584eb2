using Microsoft.EntityFrameworkCore;

namespace PocSync.Ledger;

/// <summary>The ledger's tables.</summary>
public sealed class LedgerContext(DbContextOptions<LedgerContext> options) : DbContext(options)
{
    public DbSet<OrgRow> Orgs => Set<OrgRow>();
    public DbSet<RunRow> Runs => Set<RunRow>();
    public DbSet<PlanRow> Plans => Set<PlanRow>();
    public DbSet<PlannedRow> Planned => Set<PlannedRow>();
    public DbSet<DecisionRow> Decisions => Set<DecisionRow>();
    public DbSet<IntentRow> Intents => Set<IntentRow>();
    public DbSet<OutcomeRow> Outcomes => Set<OutcomeRow>();
    public DbSet<PauseRow> Pauses => Set<PauseRow>();
    public DbSet<FindingRow> Findings => Set<FindingRow>();
    public DbSet<BaselineRow> Baselines => Set<BaselineRow>();
    public DbSet<RevertRow> Reverts => Set<RevertRow>();
    public DbSet<JobRow> Jobs => Set<JobRow>();

    public DbSet<SettingRow> Settings => Set<SettingRow>();
    public DbSet<CallRow> Calls => Set<CallRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<OrgRow>().ToTable("org").HasKey(o => o.Id);
        model.Entity<RunRow>().ToTable("runs").HasKey(r => r.Number);
        model.Entity<PlanRow>().ToTable("plans").HasKey(p => p.Id);
        model.Entity<PlannedRow>().ToTable("planned").HasKey(p => new { p.Plan, p.Position });
        model.Entity<DecisionRow>().ToTable("decisions").HasKey(d => d.Id);
        model.Entity<IntentRow>().ToTable("intents").HasKey(i => i.Id);
        model.Entity<OutcomeRow>().ToTable("outcomes").HasKey(o => o.Id);
        model.Entity<SettingRow>().ToTable("settings").HasKey(s => s.Id);
        model.Entity<CallRow>().ToTable("calls").HasKey(c => c.Slot);
        model.Entity<CallRow>().Property(c => c.Slot).ValueGeneratedNever();
        model.Entity<PauseRow>().ToTable("pauses").HasKey(p => p.Id);
        model.Entity<FindingRow>().ToTable("findings").HasKey(f => f.Id);
        model.Entity<BaselineRow>().ToTable("baselines").HasKey(b => b.Id);
        model.Entity<RevertRow>().ToTable("reverts").HasKey(r => r.Id);
        model.Entity<JobRow>().ToTable("jobs").HasKey(j => j.Name);
    }
}
