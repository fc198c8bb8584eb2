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
    public DbSet<WatermarkRow> Watermarks => Set<WatermarkRow>();
    public DbSet<MarkRow> Marks => Set<MarkRow>();
    public DbSet<BaselineRow> Baselines => Set<BaselineRow>();
    public DbSet<RevertRow> Reverts => Set<RevertRow>();
    public DbSet<JobRow> Jobs => Set<JobRow>();
    public DbSet<ErrandRow> Errands => Set<ErrandRow>();

    public DbSet<SettingRow> Settings => Set<SettingRow>();
    public DbSet<CallRow> Calls => Set<CallRow>();
    public DbSet<OrgJobRow> OrgJobs => Set<OrgJobRow>();
    public DbSet<FiguresRow> Figures => Set<FiguresRow>();
    public DbSet<AccountRow> Accounts => Set<AccountRow>();
    public DbSet<PersonRow> People => Set<PersonRow>();
    public DbSet<AbsenceRow> Absences => Set<AbsenceRow>();
    public DbSet<HandoffRow> Handoffs => Set<HandoffRow>();
    public DbSet<ProgressRow> Progress => Set<ProgressRow>();
    public DbSet<WorkerRow> Workers => Set<WorkerRow>();
    public DbSet<JobEventRow> JobEvents => Set<JobEventRow>();
    public DbSet<RoleRow> Roles => Set<RoleRow>();
    public DbSet<RuleRow> Rules => Set<RuleRow>();
    public DbSet<KeyRow> Keys => Set<KeyRow>();
    public DbSet<SignOutRow> SignOuts => Set<SignOutRow>();
    public DbSet<NewsRow> News => Set<NewsRow>();
    public DbSet<CoverRow> Covers => Set<CoverRow>();
    public DbSet<MessageRow> Messages => Set<MessageRow>();
    public DbSet<EnclosureRow> Enclosures => Set<EnclosureRow>();
    public DbSet<BriefRow> Briefs => Set<BriefRow>();
    public DbSet<AlertStateRow> Alerts => Set<AlertStateRow>();
    public DbSet<AlertWriteRow> AlertWrites => Set<AlertWriteRow>();
    public DbSet<LeaverRow> Leavers => Set<LeaverRow>();

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
        model.Entity<OrgJobRow>().ToTable("org_jobs").HasKey(j => j.Id);
        model.Entity<PauseRow>().ToTable("pauses").HasKey(p => p.Id);
        model.Entity<FindingRow>().ToTable("findings").HasKey(f => f.Id);
        model.Entity<WatermarkRow>().ToTable("watermarks").HasKey(w => w.Object);
        model.Entity<MarkRow>().ToTable("marks").HasKey(m => m.Id);
        model.Entity<BaselineRow>().ToTable("baselines").HasKey(b => b.Id);
        model.Entity<RevertRow>().ToTable("reverts").HasKey(r => r.Id);
        model.Entity<JobRow>().ToTable("jobs").HasKey(j => j.Name);
        model.Entity<ErrandRow>().ToTable("errands").HasKey(e => e.Id);
        model.Entity<FiguresRow>().ToTable("figures").HasKey(f => f.Run);
        model.Entity<FiguresRow>().Property(f => f.Run).ValueGeneratedNever();
        model.Entity<AccountRow>().ToTable("book_accounts").HasKey(a => a.Id);
        model.Entity<PersonRow>().ToTable("book_people").HasKey(p => p.Id);
        model.Entity<AbsenceRow>().ToTable("book_absences").HasKey(a => a.Id);
        model.Entity<HandoffRow>().ToTable("book_handoffs").HasKey(h => h.Id);
        model.Entity<ProgressRow>().ToTable("progress").HasKey(p => p.Run);
        model.Entity<ProgressRow>().Property(p => p.Run).ValueGeneratedNever();
        model.Entity<WorkerRow>().ToTable("workers").HasKey(w => w.Name);
        model.Entity<JobEventRow>().ToTable("job_events").HasKey(e => e.Id);
        model.Entity<RoleRow>().ToTable("book_roles").HasKey(r => new { r.Account, r.Position });
        model.Entity<RuleRow>().ToTable("book_rules").HasKey(r => r.Rule);
        model.Entity<KeyRow>().ToTable("keys").HasKey(k => k.Id);
        model.Entity<BriefRow>().ToTable("briefs").HasKey(b => b.Handoff);
        model.Entity<AlertStateRow>().ToTable("alerts").HasKey(a => a.Key);
        model.Entity<AlertWriteRow>().ToTable("alert_writes").HasKey(a => a.Id);
        model.Entity<LeaverRow>().ToTable("leavers").HasKey(l => l.Id);
        model.Entity<SignOutRow>().ToTable("sign_outs").HasKey(s => s.Session);
        model.Entity<NewsRow>().ToTable("news").HasKey(n => n.Id);
        model.Entity<CoverRow>().ToTable("covers").HasKey(c => c.Id);
        model.Entity<MessageRow>().ToTable("messages").HasKey(m => m.Id);
        model.Entity<EnclosureRow>().ToTable("enclosures").HasKey(e => new { e.Message, e.News });
    }
}
