import django.db.models.deletion
from django.db import migrations, models

from masa.bundle.live import search_table


def install(apps, schema_editor):
    search_table.install(schema_editor.connection.alias)


def remove(apps, schema_editor):
    search_table.remove(schema_editor.connection.alias)


class Migration(migrations.Migration):

    dependencies = [
        ('bundle', '0001_initial'),
        ('partnerships', '0001_initial'),
        ('publishing', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('heading', models.CharField(max_length=300)),
                ('path', models.CharField(max_length=300)),
                ('audience', models.CharField(max_length=10)),
                ('text', models.TextField()),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='publishing.edition')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='publishing.signedpart')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership')),
            ],
        ),
        migrations.CreateModel(
            name='PublishedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='publishing.edition')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('edition', 'name', 'sha256'), name='published_file_once')],
            },
        ),
        migrations.RunPython(install, remove),
    ]
